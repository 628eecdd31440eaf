-- Every promise stands in a store, has a time by which it is due, and is of a family that is there.
SELECT p.id AS promise, p.kind, p.store_id, p.due_at, p.household_id
FROM promises_promise p
LEFT JOIN people_store s ON s.id = p.store_id
LEFT JOIN people_household h ON h.id = p.household_id
WHERE s.id IS NULL OR h.id IS NULL OR p.due_at IS NULL
