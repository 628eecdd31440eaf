-- Which families brought back more than is usual, by count and against what they bought, and were not
-- found for it lately? Their receipts are sought afterwards (`odd_receipts.sql`).
WITH back AS (
    SELECT l.household_id,
        coalesce(-sum(l.quantity) FILTER (WHERE l.quantity < 0), 0) AS returned,
        coalesce(sum(l.quantity) FILTER (WHERE l.quantity > 0), 0) AS bought,
        coalesce(-sum(l.amount) FILTER (WHERE l.quantity < 0), 0) AS amount
    FROM people_store shop
    JOIN sales_sale s ON s.store_id = shop.id
        AND s.sold_on > %(since)s::date AND s.sold_on <= %(until)s::date
    JOIN sales_saleline l ON l.sale_id = s.id
    WHERE l.household_id IS NOT NULL
    GROUP BY l.household_id
)
SELECT household_id AS household, '' AS card, NULL::bigint AS staff, NULL::bigint AS product,
    returned::float8 AS returned, bought::float8 AS bought, amount::float8 AS amount
FROM back
WHERE returned > %(count_max)s::int AND returned * 100 > %(percent_max)s::int * bought
    AND NOT EXISTS (
        SELECT FROM care_oddbuying o
        WHERE o.rule_id = %(rule)s::bigint AND o.until > %(since)s::date
            AND o.household_id = back.household_id
    )
ORDER BY returned DESC, household_id
LIMIT %(considered)s::int
