-- Whose receipts came with this file?
SELECT DISTINCT household_id FROM sales_sale
WHERE import_id = %(import)s AND household_id IS NOT NULL
ORDER BY household_id
