-- Which families brought back more than is usual, by count and against what they bought?
SELECT l.household_id AS household, '' AS card, NULL::bigint AS staff, NULL::bigint AS product,
    (array_agg(s.store_id ORDER BY s.sold_at DESC))[1] AS store,
    coalesce(-sum(l.quantity) FILTER (WHERE l.quantity < 0), 0)::float8 AS returned,
    coalesce(sum(l.quantity) FILTER (WHERE l.quantity > 0), 0)::float8 AS bought,
    coalesce(-sum(l.amount) FILTER (WHERE l.quantity < 0), 0)::float8 AS amount,
    (array_agg(DISTINCT s.id) FILTER (WHERE l.quantity < 0))[:20] AS receipts
FROM people_store shop
JOIN sales_sale s ON s.store_id = shop.id
    AND s.sold_on > %(since)s::date AND s.sold_on <= %(until)s::date
JOIN sales_saleline l ON l.sale_id = s.id
WHERE l.household_id IS NOT NULL
GROUP BY l.household_id
HAVING -sum(l.quantity) FILTER (WHERE l.quantity < 0) > %(count_max)s::int
    AND -sum(l.quantity) FILTER (WHERE l.quantity < 0) * 100
        > %(percent_max)s::int * coalesce(sum(l.quantity) FILTER (WHERE l.quantity > 0), 0)
ORDER BY -sum(l.quantity) FILTER (WHERE l.quantity < 0) DESC
LIMIT %(limit)s::int
