-- A purchase came: what had been foreseen for it is now right or wrong.
UPDATE care_forecastrecord r SET actual_on = b.bought_on
FROM unnest(%(households)s::bigint[], %(categories)s::bigint[], %(days)s::date[])
    AS b(household_id, category_id, bought_on)
WHERE r.household_id = b.household_id AND r.category_id = b.category_id
  AND r.actual_on IS NULL AND r.made_on < b.bought_on
