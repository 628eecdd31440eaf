-- Which colleagues' own numbers bought more often than is usual in these days, and was not found lately?
WITH colleague AS (
    SELECT * FROM unnest(%(staff)s::bigint[], %(numbers)s::bytea[]) AS t (staff, number)
), hers AS (
    SELECT colleague.staff, m.household_id FROM colleague JOIN people_member m ON m.phone_bi = colleague.number
), bought AS (
    SELECT hers.staff, s.id, s.household_id, s.store_id, s.sold_at, s.total
    FROM hers JOIN sales_sale s ON s.household_id = hers.household_id
    WHERE s.sold_on > %(since)s::date AND s.sold_on <= %(until)s::date
    UNION
    SELECT colleague.staff, s.id, s.household_id, s.store_id, s.sold_at, s.total
    FROM colleague JOIN sales_sale s ON s.phone_bi = colleague.number AND s.household_id IS NULL
    WHERE s.sold_on > %(since)s::date AND s.sold_on <= %(until)s::date
)
SELECT max(household_id) AS household, '' AS card, staff, NULL::bigint AS product,
    (array_agg(store_id ORDER BY sold_at DESC))[1] AS store, count(*) AS times,
    sum(total)::float8 AS amount, (array_agg(id ORDER BY sold_at))[:20] AS receipts
FROM bought
WHERE total > 0
GROUP BY staff
HAVING count(*) > %(count_max)s::int AND NOT EXISTS (
    SELECT FROM care_oddbuying o
    WHERE o.rule_id = %(rule)s::bigint AND o.until > %(since)s::date AND o.staff_id = bought.staff
)
ORDER BY count(*) DESC
LIMIT %(considered)s::int
