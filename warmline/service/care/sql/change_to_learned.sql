-- These habits hold from now on. What changed has to be looked at by the night, and forecast.
UPDATE care_runout o SET
    store_id = l.store_id,
    product_id = l.product_id,
    purchases = l.purchases,
    n = l.n,
    s1 = l.s1,
    s2 = l.s2,
    e1 = l.e1,
    last_day = l.last_day,
    last_offset = l.last_offset,
    last_content = l.last_content,
    last_packs = l.last_packs,
    last_trips = l.last_trips,
    pile = l.pile,
    bought = l.bought,
    last_on = date '2015-01-01' + l.last_day,
    night = NULL,
    is_stale = true,
    updated_at = %(now)s
FROM care_learned l
WHERE o.household_id = l.household_id AND o.category_id = l.category_id
    AND (o.store_id, o.product_id, o.purchases, o.n, o.s1, o.s2, o.e1, o.last_day, o.last_offset,
         o.last_content, o.last_packs, o.last_trips, o.pile, o.bought)
        IS DISTINCT FROM
        (l.store_id, l.product_id, l.purchases, l.n, l.s1, l.s2, l.e1, l.last_day, l.last_offset,
         l.last_content, l.last_packs, l.last_trips, l.pile, l.bought)
