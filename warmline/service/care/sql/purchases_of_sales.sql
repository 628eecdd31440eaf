-- What consumables did these receipts bring, one row per family, consumable and day?
SELECT l.household_id, p.category_id, s.sold_on, min(s.store_id) AS store_id,
       (array_agg(p.id ORDER BY l.id DESC))[1] AS product_id,
       sum(l.quantity * p.content)::float8 AS content, sum(l.quantity)::float8 AS packs
FROM sales_saleline l
JOIN sales_sale s ON s.id = l.sale_id
JOIN catalog_product p ON p.id = l.product_id AND p.content IS NOT NULL
JOIN catalog_category c ON c.id = p.category_id AND c.use <> ''
WHERE l.sale_id = ANY(%(sales)s) AND l.household_id IS NOT NULL
GROUP BY l.household_id, p.category_id, s.sold_on
ORDER BY l.household_id, p.category_id, s.sold_on
