-- The receipts come in.
INSERT INTO sales_sale (id, source, document_no, store_id, household_id, member_id, member_no,
                        phone_bi, guide_id, sold_at, sold_on, total, received_at, import_id)
SELECT sale_id, %(source)s, document_no, store_id, household_id, member_id, member_no,
       phone_bi, guide_id, sold_at, sold_on, total, %(now)s, %(import)s
FROM intake_salehead WHERE import_id = %(import)s AND state = 'new'
ORDER BY document_no
