-- Which families were to be called because something was about to run out? From what was forecast
-- after each purchase, unless they had bought again before the day of the call.
INSERT INTO found (kind, household_id, subject, due_on, facts, weight)
SELECT 'care.run_out_near', r.household_id, 'f' || r.id, call.on_day,
    jsonb_build_object(
        'category', c.code, 'p10_on', r.p10_on, 'p50_on', r.p50_on, 'p90_on', r.p90_on,
        'width_days', r.p90_on - r.p10_on
    ),
    0.7 * CASE c.use WHEN 'formula' THEN 1.5 WHEN 'diapers' THEN 1.2 ELSE 1 END
        / (1 + (r.p90_on - r.p10_on) / 30.0)
FROM care_forecastrecord r
JOIN catalog_category c ON c.id = r.category_id
CROSS JOIN LATERAL (SELECT greatest(r.made_on + 1, r.p50_on - 3) AS on_day) call
WHERE r.p50_on BETWEEN %(first)s::date - 1 AND %(last)s::date + 3
  AND call.on_day BETWEEN %(first)s AND %(last)s
  AND (r.actual_on IS NULL OR r.actual_on > call.on_day)
