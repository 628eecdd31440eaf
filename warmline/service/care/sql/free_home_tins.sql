-- Tins whose receipt is gone (a file was undone) or is another family's: nothing explains them.
UPDATE care_hometin t SET line_id = NULL
WHERE t.household_id = ANY(%(households)s) AND t.line_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM sales_saleline l
    WHERE l.id = t.line_id AND l.household_id = t.household_id AND l.product_id = t.product_id
)
