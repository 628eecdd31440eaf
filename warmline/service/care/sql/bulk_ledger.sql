-- Everything these families ever bought of consumables, a row a day, for the columns of a `Ledger`:
-- receipts, and tins known by their codes of which no receipt tells.
SELECT household_id, category_id, sold_on - date '2015-01-01' AS day,
       sum(content)::float8 AS content, sum(packs)::float8 AS packs,
       (array_agg(product_id ORDER BY line DESC))[1] AS product_id, min(store_id) AS store_id
FROM (
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
) each
GROUP BY household_id, category_id, sold_on
ORDER BY household_id, category_id, sold_on
