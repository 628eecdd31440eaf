-- How did each store (region, guide) do by the three rates and the clocks, of what came in this while?
WITH cases AS (
    SELECT CASE %(level)s::text WHEN 'region' THEN region_id WHEN 'guide' THEN guide_id
            ELSE store_id END AS of,
        count(*) AS came,
        count(*) FILTER (WHERE is_complaint) AS complaints,
        count(*) FILTER (WHERE answered_in_time IS NOT NULL) AS due,
        count(*) FILTER (WHERE answered_in_time) AS answered_in_time,
        count(*) FILTER (WHERE finished_in_time IS NOT NULL) AS to_finish,
        count(*) FILTER (WHERE finished_in_time) AS finished_in_time,
        count(*) FILTER (WHERE solved_at_once) AS solved_at_once,
        count(*) FILTER (WHERE reopened) AS reopened,
        count(*) FILTER (WHERE score IS NOT NULL) AS rated,
        count(*) FILTER (WHERE dissatisfied) AS dissatisfied
    FROM insight_desk_cases(%(now)s::timestamptz)
    WHERE opened_at >= %(since)s::timestamptz AND opened_at < %(until)s::timestamptz
    GROUP BY 1
), sold AS (
    SELECT CASE %(level)s::text WHEN 'region' THEN s.region_id WHEN 'guide' THEN x.guide_id
            ELSE x.store_id END AS of, count(*) AS sales
    FROM sales_sale x JOIN people_store s ON s.id = x.store_id
    WHERE x.sold_on >= %(first)s::date AND x.sold_on < %(last)s::date
    GROUP BY 1
), missed AS (
    SELECT CASE %(level)s::text WHEN 'region' THEN s.region_id ELSE r.store_id END AS of,
        sum(r.came) AS contacts, sum(r.omitted) AS omitted
    FROM desk_reckoning r JOIN people_store s ON s.id = r.store_id
    WHERE r."on" >= %(first)s::date AND r."on" < %(last)s::date AND %(level)s::text <> 'guide'
    GROUP BY 1
), broken AS (
    SELECT CASE %(level)s::text WHEN 'region' THEN s.region_id WHEN 'guide' THEN p.keeper_id
            ELSE p.store_id END AS of, count(*) AS broken
    FROM promises_promise p JOIN people_store s ON s.id = p.store_id
    WHERE p.kind LIKE 'desk.%%' AND p.status = 'broken'
        AND p.due_at >= %(since)s::timestamptz AND p.due_at < %(until)s::timestamptz
    GROUP BY 1
)
SELECT c.of, coalesce(CASE %(level)s::text
        WHEN 'region' THEN (SELECT name FROM people_region WHERE id = c.of)
        WHEN 'guide' THEN (SELECT name FROM people_staff WHERE id = c.of)
        ELSE (SELECT name FROM people_store WHERE id = c.of) END, '') AS name,
    c.came, c.complaints, coalesce(sold.sales, 0) AS sales,
    coalesce(missed.contacts, 0)::int AS contacts, coalesce(missed.omitted, 0)::int AS omitted,
    c.rated, c.dissatisfied, c.due, c.answered_in_time, c.to_finish, c.finished_in_time,
    c.solved_at_once, c.reopened, coalesce(broken.broken, 0) AS broken
FROM cases c
LEFT JOIN sold ON sold.of IS NOT DISTINCT FROM c.of
LEFT JOIN missed ON missed.of IS NOT DISTINCT FROM c.of
LEFT JOIN broken ON broken.of IS NOT DISTINCT FROM c.of
ORDER BY c.due - c.answered_in_time DESC, c.complaints DESC, name
