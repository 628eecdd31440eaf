-- A purchase that was given back whole was none: what was foreseen after it is forgotten.
DELETE FROM care_forecastrecord r
WHERE r.household_id = ANY(%(rebuilt)s) AND NOT EXISTS (
    SELECT FROM unnest(%(households)s::bigint[], %(categories)s::bigint[], %(days)s::date[])
        AS b (household_id, category_id, bought_on)
    WHERE b.household_id = r.household_id AND b.category_id = r.category_id
        AND b.bought_on = r.made_on
)
