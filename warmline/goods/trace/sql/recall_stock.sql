-- What of this scope is where, as it stands: by the case it is in, its own place and its state. Sold
-- ones are counted apart, and so are those that a family says it has though no till told of them. One
-- row a case, not a tin. What has no kind is a case or a pallet itself.
WITH had AS MATERIALIZED (
    SELECT o.unit_id FROM trace_unitowner o
    WHERE o.returned_at IS NULL AND o.lot_id = ANY(%(lots)s::int[])
    UNION
    SELECT o.unit_id
    FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[]) AS run (first_unit, last_unit)
    JOIN trace_unitowner o ON o.unit_id BETWEEN run.first_unit AND run.last_unit
    WHERE o.returned_at IS NULL
)
SELECT u.parent_id, u.place_id, u.party_id, max(u.state_time) AS told_at,
       count(*) FILTER (WHERE u.state IN (0, 1, 3) AND h.unit_id IS NULL) AS stock,
       count(*) FILTER (WHERE u.state = 2 OR (u.state IN (0, 1, 3) AND h.unit_id IS NOT NULL)) AS sold,
       count(*) FILTER (WHERE u.state = 4) AS destroyed
FROM trace_unit u LEFT JOIN had h ON h.unit_id = u.unit_id
WHERE u.lot_id = ANY(%(lots)s::int[]) AND u.kind_id IS NOT NULL
GROUP BY 1, 2, 3
UNION ALL
SELECT u.parent_id, u.place_id, u.party_id, max(u.state_time),
       count(*) FILTER (WHERE u.state IN (0, 1, 3) AND h.unit_id IS NULL),
       count(*) FILTER (WHERE u.state = 2 OR (u.state IN (0, 1, 3) AND h.unit_id IS NOT NULL)),
       count(*) FILTER (WHERE u.state = 4)
FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[]) AS run (first_unit, last_unit)
JOIN trace_unit u ON u.unit_id BETWEEN run.first_unit AND run.last_unit
LEFT JOIN had h ON h.unit_id = u.unit_id
WHERE u.kind_id IS NOT NULL AND (u.lot_id IS NULL OR u.lot_id <> ALL(%(lots)s::int[]))
GROUP BY 1, 2, 3
