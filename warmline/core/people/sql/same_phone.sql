-- Which two families have a telephone in common? The older one first.
SELECT DISTINCT least(a.household_id, b.household_id), greatest(a.household_id, b.household_id)
FROM people_member a
JOIN people_member b ON b.phone_bi = a.phone_bi AND b.household_id <> a.household_id
JOIN people_household x ON x.id = a.household_id AND x.merged_into_id IS NULL
JOIN people_household y ON y.id = b.household_id AND y.merged_into_id IS NULL
WHERE a.phone_bi IN (
    SELECT phone_bi FROM people_member WHERE phone_bi IS NOT NULL
    GROUP BY phone_bi HAVING count(DISTINCT household_id) > 1 LIMIT %(limit)s
)
ORDER BY 1, 2 LIMIT %(limit)s
