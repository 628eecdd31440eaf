-- Whose receipts are these? By member number; else by phone, unless two families share it and not
-- just one of them is of the store it was sold in.
UPDATE intake_salehead h SET member_id = buyer.member_id, household_id = buyer.household_id
FROM intake_salehead told
LEFT JOIN LATERAL (
    SELECT m.id AS member_id, m.household_id FROM people_member m
    WHERE told.member_no <> '' AND m.member_no = told.member_no
    UNION ALL
    SELECT min(m.id), min(m.household_id) FROM people_member m
    WHERE m.phone_bi = told.phone_bi
    HAVING min(m.household_id) = max(m.household_id)
    UNION ALL
    SELECT min(m.id), min(f.id)
    FROM people_member m JOIN people_household f ON f.id = m.household_id
    WHERE m.phone_bi = told.phone_bi AND f.store_id = told.store_id
    HAVING min(f.id) = max(f.id)
    LIMIT 1
) buyer ON true
WHERE told.import_id = %(import)s AND (told.member_no <> '' OR told.phone_bi IS NOT NULL)
  AND h.import_id = told.import_id AND h.sale_id = told.sale_id
  AND (h.member_id, h.household_id) IS DISTINCT FROM (buyer.member_id, buyer.household_id)
