-- Each forecast that was still waiting is closed by the first purchase after it.
UPDATE care_forecastrecord r SET actual_on = first.bought_on
FROM (
    SELECT r.id, min(b.bought_on) AS bought_on
    FROM unnest(%(households)s::bigint[], %(categories)s::bigint[], %(days)s::date[])
        AS b (household_id, category_id, bought_on)
    JOIN care_forecastrecord r ON r.household_id = b.household_id
        AND r.category_id = b.category_id AND r.actual_on IS NULL AND r.made_on < b.bought_on
    GROUP BY r.id
) first
WHERE r.id = first.id
