-- Which contacts of the days that were reckoned were missed, as they stand now? The newest first.
SELECT j.channel, s.name AS store, j.case_id AS case, j.came_at,
    j.unrecorded, j.unowned, j.unanswered, j.unfed
FROM (SELECT DISTINCT "on" FROM desk_reckoning
    WHERE "on" >= %(first)s::date AND "on" < %(last)s::date) d
CROSS JOIN LATERAL desk_judged(d."on", %(now)s::timestamptz, %(fed_before)s::timestamptz) j
LEFT JOIN people_store s ON s.id = j.store_id
WHERE (j.unrecorded OR j.unowned OR j.unanswered OR j.unfed)
    AND (%(level)s::text = '' OR CASE %(level)s::text WHEN 'region' THEN s.region_id
        ELSE s.id END IS NOT DISTINCT FROM %(of)s::bigint)
ORDER BY j.came_at DESC
LIMIT %(limit)s::int
