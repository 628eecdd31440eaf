-- These habits hold from now on. The night has to look at each of them, and forecast.
INSERT INTO care_runout (
    household_id, category_id, store_id, product_id, purchases, n, s1, s2, e1, last_day, last_offset,
    last_content, last_packs, last_trips, pile, bought, last_on, reasons, is_stale, updated_at
)
SELECT
    household_id, category_id, store_id, product_id, purchases, n, s1, s2, e1, last_day, last_offset,
    last_content, last_packs, last_trips, pile, bought, date '2015-01-01' + last_day, '{}', true,
    %(now)s
FROM care_learned
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
    pile = excluded.pile,
    bought = excluded.bought,
    last_on = excluded.last_on,
    night = NULL,
    is_stale = true,
    updated_at = excluded.updated_at
