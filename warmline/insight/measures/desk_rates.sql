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
    FROM desk_reckoning r LEFT JOIN people_store s ON s.id = r.store_id
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
SELECT k.of, coalesce(CASE %(level)s::text
        WHEN 'region' THEN (SELECT name FROM people_region WHERE id = k.of)
        WHEN 'guide' THEN (SELECT name FROM people_staff WHERE id = k.of)
        ELSE (SELECT name FROM people_store WHERE id = k.of) END, '') AS name,
    coalesce(c.came, 0) AS came, coalesce(c.complaints, 0) AS complaints,
    coalesce(sold.sales, 0) AS sales,
    coalesce(missed.contacts, 0)::int AS contacts, coalesce(missed.omitted, 0)::int AS omitted,
    coalesce(c.rated, 0) AS rated, coalesce(c.dissatisfied, 0) AS dissatisfied,
    coalesce(c.due, 0) AS due, coalesce(c.answered_in_time, 0) AS answered_in_time,
    coalesce(c.to_finish, 0) AS to_finish, coalesce(c.finished_in_time, 0) AS finished_in_time,
    coalesce(c.solved_at_once, 0) AS solved_at_once, coalesce(c.reopened, 0) AS reopened,
    coalesce(broken.broken, 0) AS broken
-- Who had no case still sold, missed something or broke a promise: every rate has its whole below it.
FROM (
    SELECT of FROM cases UNION SELECT of FROM sold UNION SELECT of FROM missed UNION SELECT of FROM broken
) k
LEFT JOIN cases c ON c.of IS NOT DISTINCT FROM k.of
LEFT JOIN sold ON sold.of IS NOT DISTINCT FROM k.of
LEFT JOIN missed ON missed.of IS NOT DISTINCT FROM k.of
LEFT JOIN broken ON broken.of IS NOT DISTINCT FROM k.of
ORDER BY coalesce(c.due - c.answered_in_time, 0) DESC, coalesce(c.complaints, 0) DESC, name
