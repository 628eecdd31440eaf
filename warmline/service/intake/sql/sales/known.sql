-- Receipts that are here already: the same ones need nothing, different ones are refused. Lines are
-- compared as a heap: how many, how much, of what.
WITH met AS MATERIALIZED (
    SELECT h.sale_id AS staged, s.id, s.store_id = h.store_id AND s.sold_at = h.sold_at AS fits
    FROM intake_salehead h
    CROSS JOIN LATERAL (
        SELECT s.id, s.store_id, s.sold_at FROM sales_sale s
        WHERE s.source = %(source)s AND s.document_no = h.document_no LIMIT 1
    ) s
    WHERE h.import_id = %(import)s AND h.state IN ('new', 'same', 'changed')
), ours AS (
    SELECT met.staged, count(*) AS lines, sum(l.quantity) AS quantity, sum(l.amount) AS amount,
           sum(hashtextextended(i.code, 0) / 1000000 * l.quantity) AS what
    FROM met
    JOIN intake_saleline l ON l.import_id = %(import)s AND l.sale_id = met.staged
    JOIN intake_saleitem i ON i.import_id = %(import)s AND i.item = l.item
    WHERE l.quantity <> 0 AND NOT l.is_twice
    GROUP BY met.staged
), theirs AS (
    SELECT met.staged, count(*) AS lines, sum(l.quantity) AS quantity, sum(l.amount) AS amount,
           sum(hashtextextended(l.code, 0) / 1000000 * l.quantity) AS what
    FROM met JOIN sales_saleline l ON l.sale_id = met.id
    GROUP BY met.staged
), verdict AS (
    SELECT met.staged, CASE
        WHEN met.fits AND (ours.lines, ours.quantity, ours.amount, ours.what)
            IS NOT DISTINCT FROM (theirs.lines, theirs.quantity, theirs.amount, theirs.what)
        THEN 'same' ELSE 'changed' END AS state
    FROM met LEFT JOIN ours USING (staged) LEFT JOIN theirs USING (staged)
)
UPDATE intake_salehead h SET state = verdict.state
FROM verdict
WHERE h.import_id = %(import)s AND h.sale_id = verdict.staged AND h.state <> verdict.state
