-- A try failed: wait longer each time (2 s, 4 s … 5 min), and after the eighth set it aside.
UPDATE journal_task SET
    status = CASE WHEN tries >= %(tries_max)s THEN 'aside' ELSE 'ready' END,
    run_at = clock_timestamp() + make_interval(secs => least(300, power(2, tries)::int)),
    owner_id = NULL,
    error = left(%(error)s, 2000)
WHERE id = ANY(%(ids)s) AND owner_id = %(owner)s
