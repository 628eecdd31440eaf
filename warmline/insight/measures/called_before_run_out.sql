-- Of the run-outs foreseen for these days, how many families had heard from us in the week before?
SELECT s.name AS store, count(*) AS foreseen, count(*) FILTER (WHERE heard.yes) AS called
FROM care_forecastrecord r
JOIN people_store s ON s.id = r.store_id
CROSS JOIN LATERAL (
    SELECT EXISTS (
        SELECT FROM contacts_contact c
        WHERE c.household_id = r.household_id AND NOT c.is_inbound
          AND c.at >= r.p50_on - 7 AND c.at < r.p50_on + 1
    ) AS yes
) heard
WHERE r.p50_on >= %(first)s AND r.p50_on < %(last)s
GROUP BY s.id, s.name ORDER BY s.name
