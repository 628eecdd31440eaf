-- Everything these families ever bought of consumables, a row per day, as `replay` reads it: receipts,
-- and tins known by their codes of which no receipt tells (after receipts, so numbered below them).
-- `trips` are their other shopping days in the 28 days before.
WITH days AS (
    SELECT DISTINCT household_id, sold_on FROM sales_sale WHERE household_id = ANY(%(households)s)
), each AS (
    SELECT l.household_id, p.category_id, s.sold_on, s.store_id, p.id AS product_id, l.id AS line,
           l.quantity * p.content AS content, l.quantity AS packs
    FROM sales_sale s
    JOIN sales_saleline l ON l.sale_id = s.id
    JOIN catalog_product p ON p.id = l.product_id AND p.content IS NOT NULL
    JOIN catalog_category c ON c.id = p.category_id AND c.use <> ''
    WHERE s.household_id = ANY(%(households)s)
    UNION ALL
    SELECT household_id, category_id, came_on, store_id, product_id, -id, content, 1
    FROM care_hometin WHERE household_id = ANY(%(households)s) AND line_id IS NULL
), bought AS (
    SELECT household_id, category_id, sold_on, min(store_id) AS store_id,
           (array_agg(product_id ORDER BY line DESC))[1] AS product_id,
           sum(content)::float8 AS content, sum(packs)::float8 AS packs
    FROM each
    GROUP BY household_id, category_id, sold_on
)
SELECT b.*, (SELECT count(*) FROM days d WHERE d.household_id = b.household_id
             AND d.sold_on >= b.sold_on - 28 AND d.sold_on < b.sold_on)::float8 AS trips
FROM bought b
ORDER BY b.household_id, b.category_id, b.sold_on
