-- Which two families have a telephone in common? The older one first. Numbers that stand more than once
-- are read off the index alone, and only then whose they are, one by one, until there are enough.
SELECT DISTINCT older, younger
FROM (
    SELECT pair.older, pair.younger
    FROM (
        SELECT phone_bi FROM people_member WHERE phone_bi IS NOT NULL
        GROUP BY phone_bi HAVING count(*) > 1
    ) shared
    CROSS JOIN LATERAL (
        SELECT a.household_id AS older, b.household_id AS younger
        FROM people_member a
        JOIN people_member b ON b.phone_bi = a.phone_bi AND b.household_id > a.household_id
        JOIN people_household x ON x.id = a.household_id AND x.merged_into_id IS NULL
        JOIN people_household y ON y.id = b.household_id AND y.merged_into_id IS NULL
        WHERE a.phone_bi = shared.phone_bi
        OFFSET 0 -- not to be joined as a whole
    ) pair
    LIMIT %(limit)s
) found
ORDER BY older, younger
