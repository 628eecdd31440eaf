-- Which babies come to a day that matters: expected soon, a month, a hundred days, first solids, the
-- next stage of formula (only where ours of the stage before is used), a birthday?
INSERT INTO found (kind, household_id, child_id, subject, due_on, facts, weight)
WITH node (node, step, age, stage) AS (
    VALUES
        ('full_moon', 'full_moon', interval '30 days', NULL::int),
        ('hundred_days', 'hundred_days', interval '99 days', NULL),  -- birth is the first of them
        ('weaning', 'weaning', interval '6 months', NULL),
        ('stage', 'stage_2', interval '6 months', 2),
        ('stage', 'stage_3', interval '12 months', 3),
        ('stage', 'stage_4', interval '36 months', 4)
    UNION ALL
    SELECT 'birthday', 'birthday_' || years, make_interval(years => years), NULL
    FROM generate_series(1, 6) AS years
)
SELECT 'care.age_node', c.household_id, c.id, 'c' || c.id || ':' || n.step,
    (c.born_on + n.age)::date,
    jsonb_strip_nulls(jsonb_build_object(
        'node', n.node, 'stage', n.stage, 'feeding', nullif(c.feeding, ''),
        'age_days', (c.born_on + n.age)::date - c.born_on
    )),
    1
FROM node n
JOIN people_child c
    ON c.born_on BETWEEN (%(first)s::date - n.age - interval '3 days')::date
        AND (%(last)s::date - n.age + interval '3 days')::date
    AND (c.born_on + n.age)::date BETWEEN %(first)s AND %(last)s
WHERE n.stage IS NULL OR (
    (c.weaned_on IS NULL OR c.weaned_on > %(last)s) AND EXISTS (
        SELECT FROM care_runout r
        JOIN catalog_category k ON k.id = r.category_id AND k.use = 'formula'
        LEFT JOIN catalog_product p ON p.id = r.product_id
        WHERE r.household_id = c.household_id AND r.call_on IS NOT NULL
          AND coalesce(p.stage, n.stage - 1) = n.stage - 1
    )
)

UNION ALL  -- expected, and not born yet as far as we know

SELECT 'care.age_node', c.household_id, c.id, 'c' || c.id || ':expected:' || c.due_on, c.due_on,
    jsonb_build_object('node', 'expected'), 1
FROM people_child c
WHERE c.born_on IS NULL AND c.due_on BETWEEN %(first)s AND %(last)s
