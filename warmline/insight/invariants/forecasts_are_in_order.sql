-- The early run-out comes before the likely one, and that before the late one; a call has a forecast.
-- 中文：早、中、晚三个断粮日依次在后；要打电话的，一定有预测。
SELECT id AS run_out, household_id AS household, p10_on, p50_on, p90_on, call_on
FROM care_runout
WHERE p10_on > p50_on OR p50_on > p90_on
   OR (call_on IS NOT NULL AND p50_on IS NULL)
