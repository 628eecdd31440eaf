-- The members of these families are found where their family is now: one word of their vector changes.
UPDATE people_member AS member SET
    search_store = household.store_id,
    search = array_to_tsvector(
        array_append(
            array_remove(tsvector_to_array(member.search), 's' || member.search_store || '@'),
            's' || household.store_id || '@'
        )
    )
FROM people_household AS household
WHERE household.id = member.household_id
    AND member.household_id = ANY(%(households)s::bigint[])
    AND member.search_store IS DISTINCT FROM household.store_id
    AND member.search IS NOT NULL
