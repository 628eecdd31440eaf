-- How likely each family of a recall still has a tin of it that is not empty. A tin of the last
-- purchase is empty by the forecast: read between its quantiles. An earlier one is mostly behind it,
-- the more so the longer ago. Where nothing is forecast, a tin lasts a month.
WITH lot_category AS (
    SELECT DISTINCT p.category_id
    FROM trace_recallscope s JOIN trace_lot l ON l.id = s.lot_id JOIN catalog_product p ON p.id = l.product_id
    WHERE s.recall_id = %(recall)s
), seen AS (
    SELECT f.id, (f.last_sold_at AT TIME ZONE coalesce(store.time_zone, 'Asia/Shanghai'))::date AS sold_on,
        r.last_on, r.p10_on, r.p50_on, r.p90_on
    FROM trace_recallfamily f
    LEFT JOIN people_store store ON store.id = f.store_id
    LEFT JOIN LATERAL (
        SELECT * FROM care_runout r
        WHERE r.household_id = f.household_id AND r.category_id IN (SELECT category_id FROM lot_category)
        ORDER BY r.last_on DESC NULLS LAST LIMIT 1
    ) r ON true
    WHERE f.recall_id = %(recall)s
), reckoned AS (
    SELECT id, CASE
        WHEN p50_on IS NULL THEN exp(-greatest(%(today)s::date - sold_on, 0) / 30.0)
        WHEN sold_on < last_on THEN 0.25 * exp(-(last_on - sold_on) / 21.0)
        WHEN %(today)s::date <= p10_on THEN 0.97
        WHEN %(today)s::date <= p50_on THEN
            0.9 - 0.4 * (%(today)s::date - p10_on) / greatest(p50_on - p10_on, 1)::float8
        WHEN %(today)s::date <= p90_on THEN
            0.5 - 0.4 * (%(today)s::date - p50_on) / greatest(p90_on - p50_on, 1)::float8
        ELSE 0.1 * exp(-(%(today)s::date - p90_on) / 14.0)
    END AS chance
    FROM seen
)
UPDATE trace_recallfamily f SET chance_open = round(greatest(least(reckoned.chance, 1), 0.01)::numeric, 3)
FROM reckoned WHERE f.id = reckoned.id
