-- Somebody comes in. Has this very contact come before? Who are they, what of theirs is open, in which
-- store, by which kind's days and whose calendar is it answered, and who is asked first? Always one row.
WITH person AS (
    -- of two families with one number the one of this store, else the one we spoke to last
    SELECT m.id, m.household_id, m.name, m.phone, h.store_id
    FROM (
        SELECT id, household_id, name, phone FROM people_member
        WHERE phone_bi = %(phone)s::bytea
        UNION ALL
        SELECT id, household_id, name, phone FROM people_member
        WHERE wecom_id <> '' AND wecom_id = %(wecom)s::text
        LIMIT 20
    ) m
    CROSS JOIN LATERAL (
        SELECT store_id, last_contact_at FROM people_household
        WHERE id = m.household_id AND merged_into_id IS NULL LIMIT 1
    ) h
    ORDER BY h.store_id = %(store)s::bigint DESC NULLS LAST, h.last_contact_at DESC NULLS LAST, m.id
    LIMIT 1
), who AS (
    SELECT coalesce(%(household)s::bigint, (SELECT household_id FROM person)) AS household_id
), theirs AS (
    -- what they asked lately and is open: the family's, or that of a number that is no family's
    SELECT id, opened_at FROM (
        (SELECT c.id, c.opened_at FROM who JOIN desk_case c ON c.household_id = who.household_id
         WHERE c.closed_at IS NULL AND c.opened_at > %(lately)s::timestamptz
         ORDER BY c.opened_at DESC LIMIT 9)
        UNION ALL
        (SELECT c.id, c.opened_at FROM who JOIN desk_case c ON c.phone_bi = %(mark)s::bytea
         WHERE who.household_id IS NULL AND c.household_id IS NULL
            AND c.closed_at IS NULL AND c.opened_at > %(lately)s::timestamptz
         ORDER BY c.opened_at DESC LIMIT 9)
    ) both_ways
)
SELECT
    arrival.id,
    person.id, person.household_id, person.name, person.phone,
    (SELECT count(*) FROM theirs), latest.id, latest.opened_at,
    CASE WHEN %(store)s::bigint IS NULL THEN row_to_json(store) END,
    row_to_json(kind),
    days.ons, days.opens, days.sundowns,
    (SELECT cut_off_min FROM desk_deskrules ORDER BY id LIMIT 1),
    CASE WHEN arrival.id IS NULL AND NOT %(is_said)s::boolean AND %(channel)s::text <> ''
        THEN nextval('desk_case_id_seq') END,
    asked.id
FROM who
LEFT JOIN desk_arrival arrival ON arrival.channel = %(channel)s::text AND arrival.key = %(key)s::text
LEFT JOIN person ON true
LEFT JOIN LATERAL (SELECT * FROM theirs ORDER BY opened_at DESC LIMIT 1) latest ON true
LEFT JOIN people_store store ON store.id = coalesce(
    %(store)s::bigint, person.store_id,
    (SELECT id FROM people_store WHERE is_open ORDER BY id LIMIT 1)
)
LEFT JOIN LATERAL (
    SELECT * FROM desk_casekind
    WHERE CASE WHEN %(kind)s::text = '' THEN is_on AND NOT is_internal ELSE code = %(kind)s::text END
    ORDER BY place, id LIMIT 1
) kind ON true
LEFT JOIN LATERAL (
    SELECT array_agg(d."on" ORDER BY d."on") AS ons, array_agg(d.opens_at ORDER BY d."on") AS opens,
        array_agg(d.sundown_at ORDER BY d."on") AS sundowns
    FROM people_storeday d
    WHERE d.store_id = store.id AND d."on" BETWEEN
        (%(at)s::timestamptz AT TIME ZONE store.time_zone)::date
        AND (%(at)s::timestamptz AT TIME ZONE store.time_zone)::date + %(days)s::int
) days ON true
LEFT JOIN LATERAL (
    -- Who sold to them last (within two months), their home guide, somebody of the store who speaks their
    -- dialect, anybody of the store; only who is at work. Who works elsewhere is asked only if she sold
    -- it or is their home guide.
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
    CROSS JOIN LATERAL (
        SELECT * FROM people_staff WHERE id = sold.guide_id AND store_id = store.id
        UNION ALL
        SELECT * FROM people_staff WHERE id = family.home_guide_id
        UNION ALL
        SELECT * FROM people_staff WHERE store_id = store.id AND role IN ('guide', 'manager')
    ) AS staff
    WHERE family.id = who.household_id AND NOT %(is_said)s::boolean AND staff.is_active
        AND (staff.away_until IS NULL OR staff.away_until <= %(at)s::timestamptz)
    ORDER BY
        staff.id = sold.guide_id DESC NULLS LAST,
        staff.id = family.home_guide_id DESC NULLS LAST,
        staff.store_id = store.id DESC NULLS LAST,
        family.dialect <> '' AND family.dialect = ANY(staff.dialects) DESC,
        staff.role = 'guide' DESC,
        abs(hashint8(family.id * 31 + staff.id)),
        staff.id
    LIMIT 1
) asked ON true
