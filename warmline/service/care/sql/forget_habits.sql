-- Of these consumables nothing is bought any more by these families (a file was taken back): there is
-- nothing to foresee, and what was foreseen was foreseen from sales that are gone.
WITH gone AS (
    SELECT o.id, o.household_id, o.category_id FROM care_runout o
    WHERE o.household_id = ANY(%(households)s) AND o.purchases > 0  -- else a guide told us of it
      AND NOT EXISTS (SELECT FROM unnest(%(kept_households)s::bigint[], %(kept_categories)s::bigint[])
                      AS k (household_id, category_id)
                      WHERE k.household_id = o.household_id AND k.category_id = o.category_id)
), record AS (
    DELETE FROM care_forecastrecord r USING gone
    WHERE r.household_id = gone.household_id AND r.category_id = gone.category_id
)
DELETE FROM care_runout o USING gone WHERE o.id = gone.id
