-- A home guide works for the chain, in the store where her families are, or they wait for a handover.
SELECT h.id AS household, h.store_id, g.id AS guide, g.store_id AS of_guide
FROM people_household h
JOIN people_staff g ON g.id = h.home_guide_id
WHERE g.is_active AND g.role IN ('guide', 'manager') AND g.store_id <> h.store_id
  AND h.merged_into_id IS NULL
