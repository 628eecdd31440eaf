-- A promise is dated exactly when it is closed; a kept one says when, a waived one says why, and
-- nothing else gives a reason but a broken one that was let off.
-- 中文：承诺了结了才有了结时间；兑现的有完成时间，免除的有理由，失约后免除的也有。
SELECT id AS promise, kind, status, closed_at, done_at, waived_for
FROM promises_promise
WHERE (status = 'made') <> (closed_at IS NULL)
   OR (status = 'kept' AND done_at IS NULL)
   OR (status = 'waived' AND waived_for = '')
   OR (waived_for <> '' AND status <> 'waived' AND NOT (status = 'broken' AND done_at IS NOT NULL))
