-- Whoever holds one of these two marks is waited for, until they commit; always in the same order. What
-- this transaction asks afterwards is planned once and for all: to plan it cost more than to answer it.
SELECT set_config('plan_cache_mode', 'force_generic_plan', true),
    pg_advisory_xact_lock(79, %(first)s::int), pg_advisory_xact_lock(79, %(second)s::int)
