-- The lines of a receipt are of the family that the receipt is of.
-- 中文：小票的每一行都属于这张小票的家庭。
SELECT l.id AS line, l.sale_id AS sale, l.household_id AS of_line, s.household_id AS of_sale
FROM sales_saleline l
JOIN sales_sale s ON s.id = l.sale_id
WHERE l.household_id IS DISTINCT FROM s.household_id
