-- What will come of the rows: of each state, how many rows and receipts.
SELECT
    coalesce(sum(rows) FILTER (WHERE state = 'new'), 0)::bigint AS new,
    coalesce(sum(rows) FILTER (WHERE state = 'same'), 0)::bigint AS same,
    count(*) FILTER (WHERE state = 'new') AS receipts,
    (SELECT count(*) FROM intake_saleline WHERE import_id = %(import)s) AS staged,
    count(*) FILTER (WHERE state = 'new' AND household_id IS NULL) AS of_nobody,
    (SELECT count(*) FROM intake_saleline l JOIN intake_salehead h USING (import_id, sale_id)
     WHERE l.import_id = %(import)s AND h.state IN ('new', 'nothing')
       AND (l.is_twice OR l.quantity = 0)) AS skipped
FROM intake_salehead WHERE import_id = %(import)s
