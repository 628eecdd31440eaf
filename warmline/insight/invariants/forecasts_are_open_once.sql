-- Of one family and consumable, one forecast at most awaits its outcome.
-- 中文：同一家庭、同一品类，最多只有一条预测在等结果。
SELECT household_id AS household, category_id AS category, count(*) AS open, max(made_on) AS latest
FROM care_forecastrecord
WHERE actual_on IS NULL
GROUP BY household_id, category_id
HAVING count(*) > 1
