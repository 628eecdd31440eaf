-- Lines that sold what these families have unexplained tins of, the latest first, and how many tins each
-- may still explain.
SELECT l.household_id, l.product_id, s.sold_on, l.id,
       floor(l.quantity)::int - (SELECT count(*) FROM care_hometin t WHERE t.line_id = l.id)::int
FROM sales_sale s
JOIN sales_saleline l ON l.sale_id = s.id
WHERE s.household_id = ANY(%(households)s) AND l.quantity >= 1 AND EXISTS (
    SELECT FROM care_hometin t
    WHERE t.household_id = l.household_id AND t.product_id = l.product_id AND t.line_id IS NULL
)
ORDER BY s.sold_on DESC, l.id DESC
