-- How did each day go: what fell due, and what of it was kept?
SELECT (p.due_at AT TIME ZONE %(zone)s)::date AS on, count(*) AS due,
       count(*) FILTER (WHERE p.status = 'kept') AS kept
FROM promises_promise p
WHERE p.due_at >= %(since)s AND p.due_at < %(until)s AND p.status IN ('kept', 'broken')
GROUP BY 1 ORDER BY 1
