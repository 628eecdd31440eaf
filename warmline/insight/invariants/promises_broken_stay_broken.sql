-- A promise that the journal says was broken is broken still, whatever became of it afterwards.
-- 中文：记录里写明失约的承诺，之后补上或免除了也仍是失约。
SELECT p.id AS promise, p.kind, p.status, e.at AS broken_at
FROM journal_entry e
JOIN promises_promise p ON p.id = (e.body ->> 'promise')::bigint
WHERE e.kind = 'promises.broken' AND p.status <> 'broken'
