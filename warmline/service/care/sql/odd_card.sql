-- Which card, or which family, bought more often on one day than is usual?
SELECT s.household_id AS household,
    CASE WHEN s.household_id IS NULL THEN s.member_no ELSE '' END AS card, NULL::bigint AS staff,
    NULL::bigint AS product, (array_agg(s.store_id ORDER BY s.sold_at DESC))[1] AS store,
    count(*) AS times, count(DISTINCT s.store_id) AS stores, sum(s.total)::float8 AS amount,
    s.sold_on AS on_day, (array_agg(s.id ORDER BY s.sold_at))[:20] AS receipts
FROM people_store shop
JOIN sales_sale s ON s.store_id = shop.id
    AND s.sold_on > %(since)s::date AND s.sold_on <= %(until)s::date
WHERE s.total > 0 AND (s.household_id IS NOT NULL OR s.member_no <> '')
GROUP BY s.household_id, CASE WHEN s.household_id IS NULL THEN s.member_no ELSE '' END, s.sold_on
HAVING count(*) > %(count_max)s::int
ORDER BY count(*) DESC
LIMIT %(limit)s::int
