-- Which families are to be called because something is about to run out? One row a family and
-- consumable; the last day of the habit tells one purchase's step from the next one's. In the order
-- of families, so that whoever looks up more about them walks through neighbouring pages.
INSERT INTO found (kind, household_id, subject, due_on, facts, weight)
SELECT 'care.run_out_near', r.household_id, 'r' || r.id || ':' || r.last_day, r.call_on,
    jsonb_build_object(
        'category', c.code, 'stage', p.stage, 'p10_on', r.p10_on, 'p50_on', r.p50_on,
        'p90_on', r.p90_on, 'width_days', r.p90_on - r.p10_on, 'purchases', r.purchases
    ),
    coalesce(r.chance, 0.7) * CASE c.use WHEN 'formula' THEN 1.5 WHEN 'diapers' THEN 1.2 ELSE 1 END
        / (1 + (r.p90_on - r.p10_on) / 30.0)
FROM care_runout r
JOIN catalog_category c ON c.id = r.category_id
LEFT JOIN catalog_product p ON p.id = r.product_id
WHERE r.call_on BETWEEN %(first)s AND %(last)s AND r.p50_on IS NOT NULL
ORDER BY r.household_id
