-- What was due when one of these days ended is due when it ends now; where the shop stays closed, at
-- the sundown of the next day on which it is open. What is due at an hour of its own stays, and
-- nothing is made late by it.
UPDATE promises_promise AS promise SET due_at = moved.due_at
FROM (
    SELECT p.id,
        CASE
            WHEN d.opens_at IS NULL THEN (
                SELECT n.sundown_at FROM people_storeday n
                WHERE n.store_id = d.store_id AND n.on > d.on AND n.opens_at IS NOT NULL
                    AND n.sundown_at > %(now)s::timestamptz
                ORDER BY n.on LIMIT 1
            )
            WHEN p.due_at = was.sundown_at THEN d.sundown_at
            ELSE d.closes_at
        END AS due_at
    FROM unnest(%(days)s::date[], %(sundowns)s::timestamptz[], %(closes)s::timestamptz[])
        AS was (on_day, sundown_at, closes_at)
    JOIN people_storeday d ON d.store_id = %(store)s::bigint AND d.on = was.on_day
    JOIN promises_promise p ON p.store_id = d.store_id AND p.status = 'made'
        AND p.due_at IN (was.sundown_at, was.closes_at)
) AS moved
WHERE promise.id = moved.id AND moved.due_at > %(now)s::timestamptz
    AND moved.due_at <> promise.due_at
