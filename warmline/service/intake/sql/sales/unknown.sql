-- Articles that the catalogue does not know, those with most lines first; how many lines and articles
-- of that kind there are in all.
WITH unknown AS MATERIALIZED (
    SELECT item, code, name FROM intake_saleitem
    WHERE import_id = %(import)s AND product_id IS NULL
)
SELECT i.code, i.name, count(*) AS lines,
       (sum(count(*)) OVER ())::bigint AS all_lines, count(*) OVER () AS articles
FROM intake_saleline l
JOIN unknown i ON i.item = l.item
JOIN intake_salehead h ON h.import_id = %(import)s AND h.sale_id = l.sale_id AND h.state = 'new'
WHERE l.import_id = %(import)s
GROUP BY i.code, i.name ORDER BY lines DESC, i.code LIMIT 20
