-- Which families have gone quiet: a purchase that was sure to come is a week late, nothing else was
-- bought since, and nobody has spoken with them? One row a family: the consumable last expected.
INSERT INTO found (kind, household_id, subject, due_on, facts, weight)
SELECT DISTINCT ON (r.household_id)
    'care.family_quiet', r.household_id, 'q' || r.id || ':' || r.last_day, r.p90_on + 7,
    jsonb_build_object(
        'category', c.code, 'p50_on', r.p50_on, 'last_on', r.last_on, 'purchases', r.purchases,
        'silent_days', r.p90_on + 7 - r.last_on
    ),
    1
FROM care_runout r
JOIN catalog_category c ON c.id = r.category_id
JOIN people_household h ON h.id = r.household_id
WHERE r.call_on BETWEEN %(first)s::date - 120 AND %(last)s
  AND r.p90_on + 7 BETWEEN %(first)s AND %(last)s
  AND h.status = 'active'
  AND (h.last_sale_on IS NULL OR h.last_sale_on <= r.last_on)
  AND (h.last_contact_at IS NULL OR h.last_contact_at < r.p50_on)
ORDER BY r.household_id, r.p90_on DESC
