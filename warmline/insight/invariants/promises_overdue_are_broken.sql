-- While the watch is kept, a promise whose time has passed is broken, and someone is told.
-- 中文：值守进程在岗时，过了时间的承诺会记为失约，并有人被告知。
SELECT p.id AS promise, p.kind, p.store_id, p.keeper_id, p.due_at
FROM promises_promise p
WHERE p.status = 'made' AND p.due_at < %(now)s::timestamptz - interval '10 minutes'
  AND EXISTS (
    SELECT FROM journal_worker w
    JOIN pg_locks l ON l.locktype = 'advisory' AND l.classid = 77 AND l.objid = w.id AND l.granted
    JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
    WHERE w.loop = 'watch' AND w.started_at < now() - interval '10 minutes'
  )
