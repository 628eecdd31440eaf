-- The row of an Idempotency-Key, if nobody used it yet, and the two marks of `alone.sql` with it: a twin
-- waits at the key and takes no mark, so that nobody waits in a ring.
WITH ours AS (
    INSERT INTO base_idempotent (scope, key, fingerprint, answer, content_type)
    VALUES (%(scope)s, %(key)s, %(fingerprint)s, '', 'application/json')
    ON CONFLICT (scope, key) DO NOTHING
    RETURNING id
)
SELECT id, set_config('plan_cache_mode', 'force_generic_plan', true),
    pg_advisory_xact_lock(79, %(first)s::int), pg_advisory_xact_lock(79, %(second)s::int)
FROM ours
