-- Which families bought more packs of one product than is usual in these days, what they brought back
-- taken off? Whether it is far above their use is reckoned from their babies afterwards.
SELECT l.household_id AS household, '' AS card, NULL::bigint AS staff, l.product_id AS product,
    (array_agg(s.store_id ORDER BY s.sold_at DESC))[1] AS store, sum(l.quantity)::float8 AS packs,
    sum(l.quantity * p.content)::float8 AS content, c.code AS category,
    (array_agg(DISTINCT s.id))[:20] AS receipts
FROM people_store shop
JOIN sales_sale s ON s.store_id = shop.id
    AND s.sold_on > %(since)s::date AND s.sold_on <= %(until)s::date
JOIN sales_saleline l ON l.sale_id = s.id
JOIN catalog_product p ON p.id = l.product_id
JOIN catalog_category c ON c.id = p.category_id AND c.use <> ''
WHERE l.household_id IS NOT NULL
GROUP BY l.household_id, l.product_id, c.code
HAVING sum(l.quantity) > %(count_max)s::int
ORDER BY sum(l.quantity) DESC
LIMIT %(limit)s::int
