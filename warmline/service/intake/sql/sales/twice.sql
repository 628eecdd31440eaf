-- The same line of the same receipt twice in the file (two exports that overlap) counts once; two
-- lines that share a number and differ are a fault.
WITH numbered AS (
    SELECT no, item, quantity, amount,
           first_value(no) OVER line AS first_no, first_value(item) OVER line AS first_item,
           first_value(quantity) OVER line AS first_quantity,
           first_value(amount) OVER line AS first_amount
    FROM intake_saleline
    WHERE import_id = %(import)s AND line_no IS NOT NULL AND sale_id IS NOT NULL
    WINDOW line AS (PARTITION BY sale_id, line_no ORDER BY no)
)
UPDATE intake_saleline l SET
    is_twice = (n.item, n.quantity, n.amount)
        IS NOT DISTINCT FROM (n.first_item, n.first_quantity, n.first_amount),
    field = coalesce(l.field, 'line_no'),
    reason = CASE WHEN (n.item, n.quantity, n.amount) IS DISTINCT FROM
                       (n.first_item, n.first_quantity, n.first_amount)
                  THEN coalesce(l.reason, %(line_twice)s) ELSE l.reason END
FROM numbered n
WHERE l.import_id = %(import)s AND l.no = n.no AND n.no <> n.first_no
