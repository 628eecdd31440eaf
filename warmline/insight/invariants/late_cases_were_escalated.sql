-- What has been late for a minute while its store was open, somebody above has heard of. (As long as
-- somebody watches: that nobody does is another alarm.)
-- 中文：有人值守时，营业时间内超时满一分钟的服务单都已经上报。
SELECT c.id, c.due_at, c.rung
FROM desk_case c
JOIN people_storeday d ON d.store_id = c.store_id
    AND %(now)s::timestamptz - interval '1 minute' >= d.opens_at AND %(now)s::timestamptz < d.closes_at
WHERE c.closed_at IS NULL AND c.rung < 2 AND c.due_at < %(now)s::timestamptz - interval '1 minute'
    AND c.last_at < %(now)s::timestamptz - interval '1 minute'
    AND EXISTS (
        SELECT FROM journal_worker w
        JOIN pg_locks l ON l.locktype = 'advisory' AND l.classid = 77 AND l.objid = w.id AND l.granted
        JOIN pg_database b ON b.oid = l.database AND b.datname = current_database()
        WHERE w.loop = 'watch' AND w.started_at < now() - interval '1 minute'
    )
