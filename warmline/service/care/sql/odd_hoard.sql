-- Which families bought more packs of one product than is usual in these days, what they brought back
-- taken off, and were not found for it lately? Whether it is far above their use is reckoned from their
-- babies afterwards, and the receipts are sought of those alone who are left (`odd_receipts.sql`).
WITH much AS (
    SELECT l.household_id, l.product_id, sum(l.quantity) AS packs
    FROM people_store shop
    JOIN sales_sale s ON s.store_id = shop.id
        AND s.sold_on > %(since)s::date AND s.sold_on <= %(until)s::date
    JOIN sales_saleline l ON l.sale_id = s.id
    WHERE l.household_id IS NOT NULL AND l.product_id IS NOT NULL
    GROUP BY l.household_id, l.product_id
    HAVING sum(l.quantity) > %(count_max)s::int
)
SELECT much.household_id AS household, '' AS card, NULL::bigint AS staff, much.product_id AS product,
    much.packs::float8 AS packs, (much.packs * p.content)::float8 AS content, c.code AS category
FROM much
JOIN catalog_product p ON p.id = much.product_id
JOIN catalog_category c ON c.id = p.category_id AND c.use <> ''
WHERE NOT EXISTS (
    SELECT FROM care_oddbuying o
    WHERE o.rule_id = %(rule)s::bigint AND o.until > %(since)s::date
        AND o.household_id = much.household_id AND o.product_id = much.product_id
)
ORDER BY much.packs DESC, much.household_id, much.product_id
LIMIT %(considered)s::int
