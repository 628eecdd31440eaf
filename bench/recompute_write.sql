-- What the plain way found, into the rows of the chain.
UPDATE care_runout o SET
    store_id = l.store_id,
    product_id = l.product_id,
    purchases = l.purchases,
    last_day = l.day,
    last_content = l.content,
    last_packs = l.packs,
    bought = l.bought,
    last_on = l.last_on,
    p50_on = l.p50_on,
    is_stale = true,
    updated_at = now()
FROM plain l
WHERE o.household_id = l.household_id AND o.category_id = l.category_id
