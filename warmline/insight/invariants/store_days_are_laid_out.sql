-- Today and tomorrow are laid out for every open store, so that a promise has a sundown.
-- 中文：每家营业的门店，今天和明天都已排好，承诺才有日落。
SELECT s.id AS store, s.code, wanted."on"
FROM people_store s
CROSS JOIN (VALUES (%(today)s::date), (%(today)s::date + 1)) AS wanted("on")
LEFT JOIN people_storeday d ON d.store_id = s.id AND d."on" = wanted."on"
WHERE s.is_open AND d.id IS NULL
