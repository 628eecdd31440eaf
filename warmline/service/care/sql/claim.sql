-- Rows of these families and consumables stand, so that they can be locked: whoever makes one at the same
-- time waits here, and reads what the other has learned.
INSERT INTO care_runout (
    household_id, category_id, store_id, purchases, n, s1, s2, e1, last_day, last_offset,
    last_content, last_packs, pile, bought, reasons, is_stale, updated_at
)
SELECT household_id, category_id, store_id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}', false, %(now)s
FROM unnest(%(households)s::bigint[], %(categories)s::bigint[], %(stores)s::bigint[])
    AS n (household_id, category_id, store_id)
ORDER BY household_id, category_id
ON CONFLICT (household_id, category_id) DO NOTHING
