-- A tin whose inner code was entered belongs to that family, or did until it came back.
-- 中文：输过盖内码的罐子，归那个家庭所有，或曾经归它，后来退了回来。
SELECT r.unit_id AS unit, r.household_id AS household
FROM trace_redemption r
WHERE NOT EXISTS (
    SELECT FROM trace_unitowner o
    WHERE o.unit_id = r.unit_id AND o.household_id = r.household_id AND o.registered_at IS NOT NULL
)
