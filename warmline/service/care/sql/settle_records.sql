-- These consumables were learned anew from the ledger: each forecast that was made after a purchase which
-- still stands is right or wrong by the first purchase after it, or waits again if that was given back.
UPDATE care_forecastrecord r SET actual_on = first.bought_on
FROM (
    SELECT r.id, min(b.bought_on) AS bought_on
    FROM care_forecastrecord r
    LEFT JOIN unnest(%(households)s::bigint[], %(categories)s::bigint[], %(days)s::date[])
        AS b (household_id, category_id, bought_on)
        ON b.household_id = r.household_id AND b.category_id = r.category_id
        AND b.bought_on > r.made_on
    WHERE r.household_id = ANY(%(rebuilt)s)
    GROUP BY r.id
) first
WHERE r.id = first.id AND r.actual_on IS DISTINCT FROM first.bought_on
