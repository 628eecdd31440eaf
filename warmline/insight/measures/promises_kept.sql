-- Of the promises that fell due, how many were kept, by store and keeper?
SELECT s.name AS store, coalesce(g.name, '') AS guide, count(*) AS due,
       count(*) FILTER (WHERE p.status = 'kept') AS kept,
       count(*) FILTER (WHERE p.status = 'broken') AS broken,
       count(*) FILTER (WHERE p.status = 'broken' AND p.done_at IS NULL) AS still_owed
FROM promises_promise p
JOIN people_store s ON s.id = p.store_id
LEFT JOIN people_staff g ON g.id = p.keeper_id
WHERE p.due_at >= %(since)s AND p.due_at < %(until)s AND p.status IN ('kept', 'broken')
GROUP BY s.id, s.name, g.id, g.name
ORDER BY count(*) FILTER (WHERE p.status = 'kept')::float8 / count(*), due DESC
