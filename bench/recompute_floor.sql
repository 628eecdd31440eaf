-- The plain way: when does what was bought run out, one purchase after the other, as window sums over
-- the same lines (what is left when the next comes is used first), the last one of each put down.
CREATE TEMPORARY TABLE plain ON COMMIT DROP AS
WITH bought AS (
    SELECT l.household_id, p.category_id, s.sold_on - date '2015-01-01' AS day,
           sum(l.quantity * p.content)::float8 AS content, sum(l.quantity)::float8 AS packs,
           min(s.store_id) AS store_id, max(p.id) AS product_id
    FROM sales_sale s
    JOIN sales_saleline l ON l.sale_id = s.id
    JOIN catalog_product p ON p.id = l.product_id AND p.content IS NOT NULL
    JOIN catalog_category c ON c.id = p.category_id AND c.use <> ''
    WHERE l.household_id IS NOT NULL
    GROUP BY l.household_id, p.category_id, s.sold_on
), used AS (
    SELECT b.*, sum(b.content / u.per_day) OVER w AS days, b.content / u.per_day AS own,
           sum(b.content) OVER w AS bought, row_number() OVER w AS purchases,
           lead(b.day) OVER w IS NULL AS is_last
    FROM bought b
    JOIN unnest(%(categories)s::bigint[], %(per_day)s::float8[]) AS u (category_id, per_day)
        USING (category_id)
    WINDOW w AS (PARTITION BY b.household_id, b.category_id ORDER BY b.day)
), depleted AS (
    SELECT used.*, days + max(day - (days - own)) OVER (
        PARTITION BY household_id, category_id ORDER BY day
    ) AS empty_on
    FROM used
)
SELECT household_id, category_id, store_id, product_id, purchases::int, day, content, packs, bought,
    date '2015-01-01' + day AS last_on, date '2015-01-01' + least(empty_on, day + 365)::int AS p50_on
FROM depleted WHERE is_last
