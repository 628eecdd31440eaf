-- Which reactions does this worker do next? Oldest first; rows that others hold are passed over.
-- The array is read once; behind IN the limit would be counted anew for each row that is looked at.
UPDATE journal_task SET status = 'running', owner_id = %(owner)s, tries = tries + 1
WHERE id = ANY (ARRAY(
    SELECT id FROM journal_task
    WHERE status = 'ready' AND NOT is_alone AND run_at <= clock_timestamp()
    ORDER BY run_at, id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
))
RETURNING id, listener, entry_id, tries
