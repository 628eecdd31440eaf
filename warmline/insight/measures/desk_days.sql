-- Day by day: what came in, what was answered before its sundown, what was missed?
SELECT day::date AS "on", coalesce(c.came, 0) AS came, coalesce(c.due, 0) AS due,
    coalesce(c.in_time, 0) AS in_time, coalesce(r.omitted, 0)::int AS omitted,
    coalesce(r.contacts, 0)::int AS contacts
FROM generate_series(%(first)s::date, %(last)s::date - 1, interval '1 day') AS day
LEFT JOIN (
    SELECT (opened_at AT TIME ZONE %(zone)s::text)::date AS "on", count(*) AS came,
        count(*) FILTER (WHERE answered_in_time IS NOT NULL) AS due,
        count(*) FILTER (WHERE answered_in_time) AS in_time
    FROM insight_desk_cases(%(now)s::timestamptz)
    WHERE opened_at >= %(since)s::timestamptz AND opened_at < %(until)s::timestamptz
    GROUP BY 1
) c ON c."on" = day::date
LEFT JOIN (
    SELECT "on", sum(omitted) AS omitted, sum(came) AS contacts
    FROM desk_reckoning
    WHERE "on" >= %(first)s::date AND "on" < %(last)s::date
    GROUP BY 1
) r ON r."on" = day::date
ORDER BY day
