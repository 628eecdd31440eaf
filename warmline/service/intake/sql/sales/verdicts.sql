-- What the lines say of their receipts: the sum, and whether one of them is bad.
INSERT INTO intake_salehead (import_id, sale_id, document_no, store_id, member_no, phone_bi, guide_id,
                             sold_at, sold_on, total, rows, bad_row, state, reason)
SELECT %(import)s, head.sale_id, head.document, head.store_id, head.member_no, head.phone_bi,
       head.guide_id, head.sold_at, head.sold_on, told.total, told.rows, told.bad_row,
       CASE WHEN head.is_bad OR head.wrong IS NOT NULL OR told.bad_row IS NOT NULL
                 OR told.rows > 9999 THEN 'bad'
            WHEN told.moved = 0 THEN 'nothing' ELSE 'new' END,
       CASE WHEN told.rows > 9999 THEN %(too_many_lines)s
            WHEN head.wrong = 'two_stores' THEN %(two_stores)s
            WHEN head.wrong = 'two_days' THEN %(two_days)s
            WHEN head.wrong = 'two_buyers' THEN %(two_buyers)s END
FROM pg_temp.head
JOIN (
    SELECT sale_id, count(*) AS rows, sum(amount) FILTER (WHERE NOT is_twice) AS total,
           min(no) FILTER (WHERE reason IS NOT NULL) AS bad_row,
           count(*) FILTER (WHERE quantity <> 0 AND NOT is_twice) AS moved
    FROM intake_saleline WHERE import_id = %(import)s AND sale_id IS NOT NULL
    GROUP BY sale_id
) told ON told.sale_id = head.sale_id
