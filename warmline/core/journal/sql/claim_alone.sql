-- Which reaction of those that are done one at a time is next? Only that one is claimed: if it takes
-- long, whatever else is owed is free for other workers. Errands have a loop of their own.
UPDATE journal_task SET status = 'running', owner_id = %(owner)s, tries = tries + 1
WHERE id = (
    SELECT id FROM journal_task
    WHERE status = 'ready' AND is_alone AND run_at <= clock_timestamp()
      AND (listener = ANY(%(errands)s::text[])) = %(is_errand)s
    ORDER BY run_at, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, listener, entry_id, tries
