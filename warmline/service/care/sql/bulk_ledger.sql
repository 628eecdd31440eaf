-- Everything these families ever bought of consumables, a row a day, for the columns of a `Ledger`.
SELECT l.household_id, p.category_id, s.sold_on - date '2015-01-01' AS day,
       sum(l.quantity * p.content)::float8 AS content, sum(l.quantity)::float8 AS packs,
       (array_agg(p.id ORDER BY l.id DESC))[1] AS product_id, min(s.store_id) AS store_id
FROM sales_sale s
JOIN sales_saleline l ON l.sale_id = s.id
JOIN catalog_product p ON p.id = l.product_id AND p.content IS NOT NULL
JOIN catalog_category c ON c.id = p.category_id AND c.use <> ''
WHERE s.household_id = ANY(%(households)s)
GROUP BY l.household_id, p.category_id, s.sold_on
ORDER BY l.household_id, p.category_id, s.sold_on
