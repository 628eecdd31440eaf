-- And their lines, numbered as they stand in the file.
INSERT INTO sales_saleline (sale_id, household_id, line_no, product_id, code, name, quantity, amount)
SELECT l.sale_id, h.household_id, row_number() OVER (PARTITION BY l.sale_id ORDER BY l.no),
       i.product_id, i.code, i.name, l.quantity, l.amount
FROM intake_saleline l
JOIN intake_salehead h ON h.import_id = %(import)s AND h.sale_id = l.sale_id AND h.state = 'new'
JOIN intake_saleitem i ON i.import_id = %(import)s AND i.item = l.item
WHERE l.import_id = %(import)s AND l.quantity <> 0 AND NOT l.is_twice
