-- What of this scope is where, as it stands: by the case it is in, its own place and its state. Sold
-- ones are counted apart. One row a case, not a tin. What has no kind is a case or a pallet itself.
SELECT u.parent_id, u.place_id, u.party_id, max(u.state_time) AS told_at,
       count(*) FILTER (WHERE u.state IN (0, 1, 3)) AS stock,
       count(*) FILTER (WHERE u.state = 2) AS sold,
       count(*) FILTER (WHERE u.state = 4) AS destroyed
FROM trace_unit u
WHERE u.lot_id = ANY(%(lots)s::int[]) AND u.kind_id IS NOT NULL
GROUP BY 1, 2, 3
UNION ALL
SELECT u.parent_id, u.place_id, u.party_id, max(u.state_time),
       count(*) FILTER (WHERE u.state IN (0, 1, 3)),
       count(*) FILTER (WHERE u.state = 2),
       count(*) FILTER (WHERE u.state = 4)
FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[]) AS run (first_unit, last_unit)
JOIN trace_unit u ON u.unit_id BETWEEN run.first_unit AND run.last_unit
WHERE u.kind_id IS NOT NULL AND (u.lot_id IS NULL OR u.lot_id <> ALL(%(lots)s::int[]))
GROUP BY 1, 2, 3
