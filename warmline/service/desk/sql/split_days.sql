-- Which stores have a day with a break in it (a lunch hour), in their week or on this very day?
SELECT s.id FROM people_store s
WHERE s.is_open AND (
    jsonb_path_exists(s.hours, '$[*] ? (@.size() > 1)')
    OR EXISTS (
        SELECT FROM people_dayoff o
        WHERE (o.store_id = s.id OR o.store_id IS NULL) AND jsonb_array_length(o.hours) > 1
            AND o."on" BETWEEN %(now)s::date - 1 AND %(now)s::date + 1
    )
)
