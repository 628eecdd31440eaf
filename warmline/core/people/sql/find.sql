-- Which members carry these words in this scope? A scope of a few stores is among the words, that of
-- many (a region) is looked at in the rows. At most
-- `pool` of them are looked at, and the best of those come first: this very name, one's own family.
-- LIMIT is a subquery so that a plan made for any words does not read the table hoping to be lucky.
WITH found AS MATERIALIZED (
    SELECT id, household_id, name, name_sort
    FROM people_member
    WHERE search @@ %(query)s::tsquery
        AND (%(stores)s::bigint[] IS NULL OR search_store = ANY(%(stores)s::bigint[]))
    LIMIT (SELECT %(pool)s::int)
)
SELECT found.id
FROM found JOIN people_household AS household ON household.id = found.household_id
ORDER BY
    found.name = %(text)s DESC,
    household.home_guide_id IS NOT DISTINCT FROM %(staff)s::bigint DESC,
    found.name_sort,
    found.id
LIMIT %(limit)s::int
