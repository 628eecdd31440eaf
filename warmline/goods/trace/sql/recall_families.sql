-- The families that bought some of this scope and did not bring it back, each once. Lots and runs of
-- codes are looked up each by its own index: one question for both would read every tin ever sold.
WITH bought AS MATERIALIZED (
    SELECT o.household_id, o.unit_id, o.sold_at
    FROM trace_unitowner o
    WHERE o.returned_at IS NULL AND o.lot_id = ANY(%(lots)s::int[])
    UNION
    SELECT o.household_id, o.unit_id, o.sold_at
    FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[]) AS run (first_unit, last_unit)
    JOIN trace_unitowner o ON o.unit_id BETWEEN run.first_unit AND run.last_unit
    WHERE o.returned_at IS NULL
)
SELECT b.household_id, h.store_id, array_agg(b.unit_id ORDER BY b.unit_id), max(b.sold_at)
FROM bought b
JOIN people_household h ON h.id = b.household_id
GROUP BY b.household_id, h.store_id
