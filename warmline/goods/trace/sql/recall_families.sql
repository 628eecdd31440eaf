-- The families that bought some of this scope and did not bring it back, each once.
SELECT o.household_id, h.store_id, array_agg(o.unit_id ORDER BY o.unit_id), max(o.sold_at)
FROM trace_unitowner o
JOIN people_household h ON h.id = o.household_id
WHERE o.returned_at IS NULL AND (
    o.lot_id = ANY(%(lots)s::int[])
    OR EXISTS (SELECT FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[]) AS run (a, b)
               WHERE o.unit_id BETWEEN run.a AND run.b))
GROUP BY o.household_id, h.store_id
