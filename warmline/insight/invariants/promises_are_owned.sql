-- Every promise stands in a store, has a time by which it is due, and is of a family that is there.
-- 中文：每个承诺都有门店、有到期时间，所属家庭存在。
SELECT p.id AS promise, p.kind, p.store_id, p.due_at, p.household_id
FROM promises_promise p
LEFT JOIN people_store s ON s.id = p.store_id
LEFT JOIN people_household h ON h.id = p.household_id
WHERE s.id IS NULL OR h.id IS NULL OR p.due_at IS NULL
