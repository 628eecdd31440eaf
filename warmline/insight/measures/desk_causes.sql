-- Which few causes make most of the cases of this while, and what share do they make together?
WITH counted AS (
    SELECT cause_id, count(*) AS cases, count(*) FILTER (WHERE is_complaint) AS complaints,
        count(DISTINCT store_id) AS stores, count(DISTINCT nullif(lot, '')) AS lots
    FROM insight_desk_cases(%(now)s::timestamptz)
    WHERE opened_at >= %(since)s::timestamptz AND opened_at < %(until)s::timestamptz
    GROUP BY cause_id
)
SELECT n.cause_id AS cause, cause.name::text AS name, parent.name::text AS "group",
    n.cases, n.complaints, n.stores, n.lots,
    (sum(n.cases) OVER (ORDER BY (n.cause_id IS NULL), n.cases DESC, n.cause_id))::float8
        / sum(n.cases) OVER () AS together
FROM counted n
LEFT JOIN desk_cause cause ON cause.id = n.cause_id
LEFT JOIN desk_cause parent ON parent.id = cause.parent_id
ORDER BY (n.cause_id IS NULL), n.cases DESC, n.cause_id
