-- Every line of a consumable that these families bought or gave back, for a record array: fixed widths.
COPY (
    SELECT l.household_id, p.category_id::int8, s.sold_on - date '2015-01-01',
           (l.quantity * p.content)::float8, l.quantity::float8, l.id, p.id::int8, s.store_id::int8
    FROM sales_sale s
    JOIN sales_saleline l ON l.sale_id = s.id
    JOIN catalog_product p ON p.id = l.product_id AND p.content IS NOT NULL
    JOIN catalog_category c ON c.id = p.category_id AND c.use <> ''
    WHERE s.household_id >= %(first)s AND s.household_id < %(end)s AND l.household_id IS NOT NULL
) TO STDOUT (FORMAT binary)
