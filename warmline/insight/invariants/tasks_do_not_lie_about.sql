-- No reaction waits longer than an hour for its turn.
-- 中文：没有反应等了一小时以上还没轮到。
SELECT id AS task, listener, entry_id, run_at, tries
FROM journal_task
WHERE status = 'ready' AND run_at < clock_timestamp() - interval '1 hour'
