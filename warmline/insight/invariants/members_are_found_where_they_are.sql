-- A member is found in the store of her family, by a phone that is there whole.
SELECT m.id AS member, m.search_store, h.store_id
FROM people_member m
JOIN people_household h ON h.id = m.household_id
WHERE m.search IS NULL OR m.search_store IS DISTINCT FROM h.store_id
   OR (m.phone_bi IS NULL) <> (length(m.phone) = 0)
