-- Who answers for each of these families at that moment? Its home guide if she is at work; else
-- somebody of its store who speaks its dialect; else anybody of its store, managers last. Among
-- equals the family's number decides, so that the families of one who is away are spread evenly.
SELECT household.id, answering.id
FROM people_household AS household
LEFT JOIN LATERAL (
    SELECT staff.id
    FROM people_staff AS staff
    WHERE staff.is_active
        AND (staff.away_until IS NULL OR staff.away_until <= %(at)s::timestamptz)
        AND (
            staff.id = household.home_guide_id
            OR (staff.store_id = household.store_id AND staff.role IN ('guide', 'manager'))
        )
    ORDER BY
        staff.id = household.home_guide_id DESC NULLS LAST,
        household.dialect <> '' AND household.dialect = ANY(staff.dialects) DESC,
        staff.role = 'guide' DESC,
        abs(hashint8(household.id * 31 + staff.id)),
        staff.id
    LIMIT 1
) AS answering ON true
WHERE household.id = ANY(%(households)s::bigint[])
