-- Keep what is foreseen now, to be compared with what comes. A plain mean interval stands beside it.
-- Whatever came after the last purchase has been given back: the forecast waits again.
INSERT INTO care_forecastrecord
    (household_id, category_id, store_id, made_on, p10_on, p50_on, p90_on, plain_on)
SELECT o.household_id, o.category_id, h.store_id, o.last_on, o.p10_on, o.p50_on, o.p90_on,
       CASE WHEN o.purchases > 1 THEN o.last_on + (o.last_on - f.first_on) / (o.purchases - 1) END
FROM care_runout o
JOIN people_household h ON h.id = o.household_id  -- whoever serves them now has to call before
LEFT JOIN LATERAL (
    SELECT min(r.made_on) AS first_on FROM care_forecastrecord r
    WHERE r.household_id = o.household_id AND r.category_id = o.category_id
) f ON true
WHERE o.id = ANY(%(ids)s) AND o.p50_on IS NOT NULL AND o.purchases > 0
ON CONFLICT (household_id, category_id, made_on) DO UPDATE
SET p10_on = EXCLUDED.p10_on, p50_on = EXCLUDED.p50_on, p90_on = EXCLUDED.p90_on,
    store_id = EXCLUDED.store_id, actual_on = NULL
