-- The lines of this file's receipts go.
DELETE FROM sales_saleline l USING sales_sale s WHERE s.import_id = %(import)s AND l.sale_id = s.id
