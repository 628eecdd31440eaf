-- Habits that nobody had a row for.
INSERT INTO care_runout (
    household_id, category_id, store_id, product_id, purchases, n, s1, s2, e1, last_day, last_offset,
    last_content, last_packs, last_trips, pile, bought, last_on, reasons, is_stale, updated_at
)
SELECT
    household_id, category_id, store_id, product_id, purchases, n, s1, s2, e1, last_day, last_offset,
    last_content, last_packs, last_trips, pile, bought, date '2015-01-01' + last_day, '{}', true,
    %(now)s
FROM care_learned l
WHERE NOT EXISTS (
    SELECT FROM care_runout o
    WHERE o.household_id = l.household_id AND o.category_id = l.category_id
)
