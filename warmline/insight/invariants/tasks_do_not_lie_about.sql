-- No reaction waits longer than an hour for its turn.
SELECT id AS task, listener, entry_id, run_at, tries
FROM journal_task
WHERE status = 'ready' AND run_at < clock_timestamp() - interval '1 hour'
