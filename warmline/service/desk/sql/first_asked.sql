-- Who is asked first about something of this family in this store? Who sold to them last (within two
-- months), their home guide, somebody of the store who speaks their dialect, anybody of the store;
-- only who is at work. Who works elsewhere is asked only if she sold it or is their home guide.
SELECT staff.id
FROM people_household AS family
LEFT JOIN LATERAL (
    SELECT sale.guide_id
    FROM sales_sale AS sale
    WHERE sale.household_id = family.id AND sale.guide_id IS NOT NULL
        AND sale.sold_at > %(at)s::timestamptz - interval '60 days'
        AND sale.sold_at <= %(at)s::timestamptz
    ORDER BY sale.sold_at DESC
    LIMIT 1
) AS sold ON true
JOIN people_staff AS staff ON staff.is_active
    AND (staff.away_until IS NULL OR staff.away_until <= %(at)s::timestamptz)
    AND (
        (staff.id = sold.guide_id AND staff.store_id = %(store)s::bigint)
        OR staff.id = family.home_guide_id
        OR (staff.store_id = %(store)s::bigint AND staff.role IN ('guide', 'manager'))
    )
WHERE family.id = %(household)s::bigint
ORDER BY
    staff.id = sold.guide_id DESC NULLS LAST,
    staff.id = family.home_guide_id DESC NULLS LAST,
    staff.store_id = %(store)s::bigint DESC NULLS LAST,
    family.dialect <> '' AND family.dialect = ANY(staff.dialects) DESC,
    staff.role = 'guide' DESC,
    abs(hashint8(family.id * 31 + staff.id)),
    staff.id
LIMIT 1
