-- Articles that the catalogue does not know, those with most lines first.
SELECT i.code, i.name, count(*) AS lines
FROM intake_saleline l
JOIN intake_saleitem i ON i.import_id = %(import)s AND i.item = l.item AND i.product_id IS NULL
WHERE l.import_id = %(import)s
GROUP BY i.code, i.name ORDER BY lines DESC, i.code LIMIT 20
