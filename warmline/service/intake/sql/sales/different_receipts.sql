-- Which different heads of receipts does the file hold?
SELECT document_no, store, sold_at, member_no, phone, guide FROM pg_temp.raw_sale
GROUP BY 1, 2, 3, 4, 5, 6
