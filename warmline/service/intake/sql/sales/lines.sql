-- Every row with what its cells mean: its sale, its article, its figures - or what is wrong with it.
INSERT INTO intake_saleline (import_id, no, sale_id, item, line_no, quantity, amount, fault, field,
                             reason, facts, cell)
SELECT %(import)s, r.no, head.sale_id, i.item, f.line, f.quantity, f.paid,
       nullif(r.fault, ''), bad.field, bad.reason, bad.facts,
       CASE bad.field
           WHEN 'document_no' THEN r.document_no WHEN 'line_no' THEN r.line_no
           WHEN 'store' THEN r.store WHEN 'sold_at' THEN r.sold_at
           WHEN 'member_no' THEN r.member_no WHEN 'gtin' THEN r.gtin WHEN 'code' THEN r.code
           WHEN 'product_name' THEN r.product_name WHEN 'qty' THEN r.qty
           WHEN 'price' THEN r.price WHEN 'amount' THEN r.amount WHEN 'way' THEN r.way END
FROM pg_temp.raw_sale r
JOIN pg_temp.meant_receipt d
    ON d.document_no = r.document_no AND d.store = r.store AND d.sold_at = r.sold_at
    AND d.member_no = r.member_no AND d.phone = r.phone AND d.guide = r.guide
JOIN pg_temp.meant_item i
    ON i.gtin = r.gtin AND i.code = r.code AND i.product_name = r.product_name
JOIN pg_temp.meant_figure f
    ON f.line_no = r.line_no AND f.qty = r.qty AND f.price = r.price AND f.amount = r.amount
    AND f.way = r.way
LEFT JOIN pg_temp.head ON head.document = d.document
CROSS JOIN LATERAL (
    SELECT CASE WHEN r.fault <> '' THEN '' ELSE coalesce(d.field, i.field, f.field) END AS field,
           CASE WHEN r.fault <> '' THEN r.fault ELSE coalesce(d.reason, i.reason, f.reason) END
               AS reason,
           coalesce(d.facts, i.facts, f.facts) AS facts
) bad
