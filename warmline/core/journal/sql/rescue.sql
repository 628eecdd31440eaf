-- The worker that held these is dead (its session lock was free): they are ready again, one by one,
-- so that the one that killed it, if any did, takes no other along; and it waits longer each time.
UPDATE journal_task SET
    status = CASE WHEN tries >= %(tries_max)s THEN 'aside' ELSE 'ready' END,
    error = CASE WHEN tries >= %(tries_max)s THEN 'its worker died each time' ELSE error END,
    run_at = CASE WHEN tries > 1
                  THEN clock_timestamp() + make_interval(secs => least(300, power(2, tries)::int))
                  ELSE run_at END,
    is_alone = true,
    owner_id = NULL
WHERE owner_id = %(owner)s AND status = 'running'
