-- Every line of a consumable that these families bought or gave back, as columns: some thousand families
-- a row, an array a column, because a row less is a message less.
COPY (
    SELECT array_agg(l.household_id), array_agg(p.category_id::int8),
           array_agg(s.sold_on - date '2015-01-01'), array_agg((l.quantity * p.content)::float8),
           array_agg(l.quantity::float8), array_agg(l.id), array_agg(p.id::int8),
           array_agg(s.store_id::int8)
    FROM sales_sale s
    JOIN sales_saleline l ON l.sale_id = s.id
    JOIN catalog_product p ON p.id = l.product_id AND p.content IS NOT NULL
    JOIN catalog_category c ON c.id = p.category_id AND c.use <> ''
    WHERE s.household_id >= %(first)s AND s.household_id < %(end)s AND l.household_id IS NOT NULL
    GROUP BY s.household_id / 4096
) TO STDOUT (FORMAT binary)
