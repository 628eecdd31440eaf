-- The early run-out comes before the likely one, and that before the late one; a call has a forecast.
SELECT id AS run_out, household_id AS household, p10_on, p50_on, p90_on, call_on
FROM care_runout
WHERE p10_on > p50_on OR p50_on > p90_on
   OR (call_on IS NOT NULL AND p50_on IS NULL)
