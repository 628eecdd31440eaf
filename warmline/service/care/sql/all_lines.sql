-- Every line of a consumable that these families bought or gave back, and every tin known by its code
-- of which no receipt tells, as columns: some thousand families a row, an array a column, because a row
-- less is a message less.
COPY (
    SELECT array_agg(household_id), array_agg(category_id::int8), array_agg(day),
           array_agg(content::float8), array_agg(packs::float8), array_agg(line),
           array_agg(product_id::int8), array_agg(store_id::int8)
    FROM (
        SELECT l.household_id, p.category_id, s.sold_on - date '2015-01-01' AS day,
               l.quantity * p.content AS content, l.quantity AS packs, l.id AS line,
               p.id AS product_id, s.store_id
        FROM sales_sale s
        JOIN sales_saleline l ON l.sale_id = s.id
        JOIN catalog_product p ON p.id = l.product_id AND p.content IS NOT NULL
        JOIN catalog_category c ON c.id = p.category_id AND c.use <> ''
        WHERE s.household_id >= %(first)s AND s.household_id < %(end)s
          AND l.household_id IS NOT NULL
        UNION ALL
        SELECT household_id, category_id, came_on - date '2015-01-01', content, 1, -id, product_id,
               store_id
        FROM care_hometin
        WHERE household_id >= %(first)s AND household_id < %(end)s AND line_id IS NULL
    ) each
    GROUP BY household_id / 4096
) TO STDOUT (FORMAT binary)
