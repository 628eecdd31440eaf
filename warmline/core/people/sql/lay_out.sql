-- These days of these stores are so from now on; a day that was laid out before is laid out anew.
INSERT INTO people_storeday (store_id, "on", opens_at, closes_at, sundown_at, is_workday)
SELECT * FROM unnest(
    %(stores)s::bigint[], %(days)s::date[], %(opens)s::timestamptz[], %(closes)s::timestamptz[],
    %(sundowns)s::timestamptz[], %(workdays)s::boolean[]
)
ON CONFLICT (store_id, "on") DO UPDATE SET
    opens_at = excluded.opens_at,
    closes_at = excluded.closes_at,
    sundown_at = excluded.sundown_at,
    is_workday = excluded.is_workday
WHERE (people_storeday.opens_at, people_storeday.closes_at, people_storeday.sundown_at,
       people_storeday.is_workday)
    IS DISTINCT FROM (excluded.opens_at, excluded.closes_at, excluded.sundown_at, excluded.is_workday)
