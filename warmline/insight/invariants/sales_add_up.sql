-- A receipt has lines; one that a file brought comes to what they come to. (A till may say its own
-- total, with a discount on the whole.)
-- 中文：每张小票都有明细；文件导入的小票，合计等于各行之和（收银机可以有整单优惠）。
SELECT s.id AS sale, s.source, s.document_no, s.total, sum(l.amount) AS lines
FROM sales_sale s
LEFT JOIN sales_saleline l ON l.sale_id = s.id
GROUP BY s.id
HAVING count(l.id) = 0 OR (s.import_id IS NOT NULL AND s.total <> sum(l.amount))
