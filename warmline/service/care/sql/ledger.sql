-- Everything these families ever bought of consumables, a row per day, as `replay` reads it.
-- `trips` are their other shopping days in the 28 days before.
WITH days AS (
    SELECT DISTINCT household_id, sold_on FROM sales_sale WHERE household_id = ANY(%(households)s)
), bought AS (
    SELECT l.household_id, p.category_id, s.sold_on, min(s.store_id) AS store_id,
           (array_agg(p.id ORDER BY l.id DESC))[1] AS product_id,
           sum(l.quantity * p.content)::float8 AS content, sum(l.quantity)::float8 AS packs
    FROM sales_sale s
    JOIN sales_saleline l ON l.sale_id = s.id
    JOIN catalog_product p ON p.id = l.product_id AND p.content IS NOT NULL
    JOIN catalog_category c ON c.id = p.category_id AND c.use <> ''
    WHERE s.household_id = ANY(%(households)s)
    GROUP BY l.household_id, p.category_id, s.sold_on
)
SELECT b.*, (SELECT count(*) FROM days d WHERE d.household_id = b.household_id
             AND d.sold_on >= b.sold_on - 28 AND d.sold_on < b.sold_on)::float8 AS trips
FROM bought b
ORDER BY b.household_id, b.category_id, b.sold_on
