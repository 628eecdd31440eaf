-- Every row with what its cells mean: its sale, its article, its figures - or what is wrong with it: the
-- row itself, else the first part of it that cannot be understood.
INSERT INTO intake_saleline (import_id, no, sale_id, item, line_no, quantity, amount, fault, field,
                             reason, facts, cell)
SELECT %(import)s, r.no, head.sale_id, i.item, f.line, f.quantity, f.paid, nullif(r.fault, ''),
       CASE WHEN r.fault <> '' THEN '' ELSE coalesce(d.field, i.field, f.field) END,
       CASE WHEN r.fault <> '' THEN r.fault ELSE coalesce(d.reason, i.reason, f.reason) END,
       coalesce(d.facts, i.facts, f.facts),
       CASE WHEN r.fault = '' THEN coalesce(d.cell, i.cell, f.cell) END
FROM pg_temp.raw_sale r
JOIN pg_temp.meant_receipt d ON d.receipt = r.receipt
JOIN pg_temp.meant_item i ON i.item = r.item
JOIN pg_temp.meant_figure f ON f.figure = r.figure
LEFT JOIN pg_temp.head ON head.document = d.document
