-- A family that was merged into another has no members, babies, open promises or receipts of its own.
-- 中文：已并入别家的家庭，名下没有会员、宝宝、未了的承诺和小票。
SELECT h.id AS household, h.merged_into_id, owned.what, owned.id
FROM people_household h
JOIN LATERAL (
    SELECT 'member' AS what, m.id FROM people_member m WHERE m.household_id = h.id
    UNION ALL SELECT 'child', c.id FROM people_child c WHERE c.household_id = h.id
    UNION ALL SELECT 'promise', p.id FROM promises_promise p
        WHERE p.household_id = h.id AND p.status = 'made'
    UNION ALL SELECT 'sale', s.id FROM sales_sale s WHERE s.household_id = h.id
) AS owned ON true
WHERE h.merged_into_id IS NOT NULL
