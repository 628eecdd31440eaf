-- The worker that held these is dead (its session lock was free): they are ready again, unless they
-- killed it once too often.
UPDATE journal_task SET
    status = CASE WHEN tries >= %(tries_max)s THEN 'aside' ELSE 'ready' END,
    error = CASE WHEN tries >= %(tries_max)s THEN 'its worker died each time' ELSE error END,
    owner_id = NULL
WHERE owner_id = %(owner)s AND status = 'running'
