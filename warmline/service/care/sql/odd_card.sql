-- Which card, or which family, bought more often on one day than is usual, and was not found lately?
WITH often AS (
    SELECT s.household_id, CASE WHEN s.household_id IS NULL THEN s.member_no ELSE '' END AS card,
        (array_agg(s.store_id ORDER BY s.sold_at DESC))[1] AS store_id,
        count(*) AS times, count(DISTINCT s.store_id) AS stores, sum(s.total) AS amount, s.sold_on,
        (array_agg(s.id ORDER BY s.sold_at))[:20] AS receipts
    FROM people_store shop
    JOIN sales_sale s ON s.store_id = shop.id
        AND s.sold_on > %(since)s::date AND s.sold_on <= %(until)s::date
    WHERE s.total > 0 AND (s.household_id IS NOT NULL OR s.member_no <> '')
    GROUP BY s.household_id, CASE WHEN s.household_id IS NULL THEN s.member_no ELSE '' END, s.sold_on
    HAVING count(*) > %(count_max)s::int
)
SELECT household_id AS household, card, NULL::bigint AS staff, NULL::bigint AS product,
    store_id AS store, times, stores, amount::float8 AS amount, sold_on AS on_day, receipts
FROM often
WHERE NOT EXISTS (
    SELECT FROM care_oddbuying o
    WHERE o.rule_id = %(rule)s::bigint AND o.until > %(since)s::date
        AND o.household_id IS NOT DISTINCT FROM often.household_id AND o.card = often.card
)
ORDER BY times DESC
LIMIT %(considered)s::int
