-- One reading of a code: kept, and counted if a family did it. The same device within a day is one
-- visit. Answers how often, since when and where first, and whether this was the first.
WITH kept AS (
    INSERT INTO trace_scan (unit_id, id, at, staff_id, place_id, actor, verdict, device, city)
    VALUES (%(unit)s, %(id)s, %(at)s, %(staff)s, %(place)s, %(actor)s, %(verdict)s, %(device)s, %(city)s)
), counted AS (
    INSERT INTO trace_scancount AS c (unit_id, looks, first_at, last_at, first_city, devices, last_device)
    SELECT %(unit)s, 1, %(at)s, %(at)s, %(city)s, 1, %(device)s WHERE %(counts)s::boolean
    ON CONFLICT (unit_id) DO UPDATE SET
        looks = c.looks + CASE WHEN c.last_device IS NOT NULL AND c.last_device = excluded.last_device
            AND c.last_at > excluded.last_at - %(same_visit)s::interval THEN 0 ELSE 1 END,
        devices = least(c.devices + CASE WHEN c.last_device IS DISTINCT FROM excluded.last_device
            THEN 1 ELSE 0 END, 32000),
        last_at = excluded.last_at,
        last_device = excluded.last_device
    RETURNING looks, first_at, first_city, first_at = last_at AS is_first
)
SELECT looks, first_at, first_city, is_first FROM counted
UNION ALL
SELECT coalesce(c.looks, 0), c.first_at, coalesce(c.first_city, ''), false
FROM (SELECT 1) one LEFT JOIN trace_scancount c ON c.unit_id = %(unit)s
WHERE NOT %(counts)s::boolean
