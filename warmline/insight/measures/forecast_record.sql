-- How far off were the forecasts whose purchase has come, and how far a plain mean interval?
SELECT c.code AS category, c.name AS name, count(*) AS closed,
       avg(abs(r.p50_on - r.actual_on))::float8 AS days_off,
       avg(abs(r.plain_on - r.actual_on))::float8 AS plain_days_off,
       count(r.plain_on) AS plain_known,
       avg((r.actual_on BETWEEN r.p10_on AND r.p90_on)::int)::float8 AS inside
FROM care_forecastrecord r JOIN catalog_category c ON c.id = r.category_id
WHERE r.actual_on >= %(first)s AND r.actual_on < %(last)s
GROUP BY c.id, c.code, c.name ORDER BY closed DESC
