-- Which families complained on one of these days?
INSERT INTO found (kind, household_id, subject, due_on, facts, weight)
SELECT 'care.complaint', h.id, 'x' || h.id || ':' || c.on_day, c.on_day,
    jsonb_build_object('complained_on', c.on_day), 1
FROM people_household h
JOIN people_store s ON s.id = h.store_id
CROSS JOIN LATERAL (SELECT (h.complained_at AT TIME ZONE s.time_zone)::date AS on_day) c
WHERE h.complained_at >= %(first)s::date - 1 AND c.on_day BETWEEN %(first)s AND %(last)s
