-- A reaction or a message that is being worked on is held by a worker who is alive.
-- 中文：正在处理的反应和消息，由活着的进程拿着。
WITH alive AS (
    SELECT l.objid::bigint AS id FROM pg_locks l
    JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
    WHERE l.locktype = 'advisory' AND l.classid = 77 AND l.granted
)
SELECT 'journal_task' AS held, t.id, t.owner_id, t.listener AS what
FROM journal_task t
WHERE t.status = 'running' AND t.run_at < clock_timestamp() - interval '1 minute'
  AND NOT EXISTS (SELECT FROM alive WHERE alive.id = t.owner_id)
UNION ALL
SELECT 'contacts_message', m.id, m.owner_id, m.channel
FROM contacts_message m
WHERE m.status = 'sending' AND m.run_at < clock_timestamp() - interval '1 minute'
  AND NOT EXISTS (SELECT FROM alive WHERE alive.id = m.owner_id)
