-- How many lines are of articles that the catalogue does not know, and how many articles are those?
SELECT count(*), count(DISTINCT i.item)
FROM intake_saleline l
JOIN intake_saleitem i ON i.import_id = %(import)s AND i.item = l.item AND i.product_id IS NULL
JOIN intake_salehead h ON h.import_id = %(import)s AND h.sale_id = l.sale_id AND h.state = 'new'
WHERE l.import_id = %(import)s
