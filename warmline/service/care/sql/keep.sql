-- These rows are so from now on, new ones and old ones; their numbers come back.
INSERT INTO care_runout (
    household_id, category_id, store_id, product_id, purchases, n, s1, s2, e1, last_day, last_offset,
    last_content, last_packs, last_trips, last_discount, pile, bought, last_on, p10_on, p50_on,
    p90_on, call_on, chance, reasons, night, is_stale, updated_at
)
SELECT
    household_id, category_id, store_id, product_id, purchases, n, s1, s2, e1, last_day, last_offset,
    last_content, last_packs, last_trips, last_discount, pile, bought, last_on, p10_on, p50_on,
    p90_on, call_on, chance, reasons, night, is_stale, updated_at
FROM jsonb_populate_recordset(NULL::care_runout, %(rows)s::jsonb)
ORDER BY household_id, category_id
ON CONFLICT (household_id, category_id) DO UPDATE SET
    store_id = excluded.store_id,
    product_id = excluded.product_id,
    purchases = excluded.purchases,
    n = excluded.n,
    s1 = excluded.s1,
    s2 = excluded.s2,
    e1 = excluded.e1,
    last_day = excluded.last_day,
    last_offset = excluded.last_offset,
    last_content = excluded.last_content,
    last_packs = excluded.last_packs,
    last_trips = excluded.last_trips,
    last_discount = excluded.last_discount,
    pile = excluded.pile,
    bought = excluded.bought,
    last_on = excluded.last_on,
    p10_on = excluded.p10_on,
    p50_on = excluded.p50_on,
    p90_on = excluded.p90_on,
    call_on = excluded.call_on,
    chance = excluded.chance,
    reasons = excluded.reasons,
    night = excluded.night,
    is_stale = excluded.is_stale,
    updated_at = excluded.updated_at
RETURNING household_id, category_id, id
