-- Which reactions does this worker do next? Oldest first; rows that others hold are passed over.
UPDATE journal_task SET status = 'running', owner_id = %(owner)s, tries = tries + 1
WHERE id IN (
    SELECT id FROM journal_task
    WHERE status = 'ready' AND NOT is_alone AND run_at <= clock_timestamp()
    ORDER BY run_at, id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
RETURNING id, listener, entry_id, tries
