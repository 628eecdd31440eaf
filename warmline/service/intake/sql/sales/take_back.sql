-- And the receipts themselves.
DELETE FROM sales_sale WHERE import_id = %(import)s
