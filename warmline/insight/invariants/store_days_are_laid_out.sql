-- Today and tomorrow are laid out for every open store, so that a promise has a sundown.
SELECT s.id AS store, s.code, wanted."on"
FROM people_store s
CROSS JOIN (VALUES (%(today)s::date), (%(today)s::date + 1)) AS wanted("on")
LEFT JOIN people_storeday d ON d.store_id = s.id AND d."on" = wanted."on"
WHERE s.is_open AND d.id IS NULL
