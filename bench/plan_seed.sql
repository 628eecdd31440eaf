-- A chain whose mornings are planned by bench/plan.py: states of consumables, of which some are due.
INSERT INTO people_store (code, name, address, phone, latitude, longitude, time_zone, hours, is_open)
SELECT 'B' || n, 'Store ' || n, '', '', 31, 121, 'Asia/Shanghai', '[]', true
FROM generate_series(1, %(stores)s) AS n;
INSERT INTO people_storeday (store_id, "on", opens_at, closes_at, sundown_at, is_workday)
SELECT id, %(on)s, %(on)s::timestamp AT TIME ZONE 'UTC' + interval '1 hour',
    %(on)s::timestamp AT TIME ZONE 'UTC' + interval '13 hours',
    %(on)s::timestamp AT TIME ZONE 'UTC' + interval '9 hours', true
FROM people_store;
INSERT INTO people_staff (password, username, name, role, store_id, phone, email, wecom_id, dialects,
                          language, calls_a_day, is_active, must_change_password)
SELECT '', 'g' || n, 'Guide ' || n, 'guide', s.id, '', '', '', '{}', 'zh-hans', 20, true, false
FROM generate_series(1, %(guides)s) AS n
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM people_store) s
    ON s.nth = 1 + n %% %(stores)s;
INSERT INTO people_household (store_id, home_guide_id, tier, status, dialect, joined_on, source)
SELECT g.store_id, g.id, n %% 4, 'active', '', DATE '2026-01-01', 'bench'
FROM generate_series(1, %(households)s) AS n
JOIN (SELECT id, store_id, row_number() OVER (ORDER BY id) AS nth FROM people_staff) g
    ON g.nth = 1 + n %% %(guides)s;
INSERT INTO people_consent (household_id, purpose, granted, at, channel, text_version, evidence)
SELECT h.id, p, true, now(), 'store', '1', ''
FROM people_household h CROSS JOIN unnest(ARRAY['care', 'service', 'sales']) AS p;
INSERT INTO people_child (household_id, name, sex, born_on, feeding, allergies, created_at)
SELECT id, '', '', %(on)s::date - (id * 7919 %% 1400)::int, 'formula', '{}', now()
FROM people_household;
INSERT INTO contacts_contact (key, household_id, store_id, staff_id, medium, is_inbound, purpose,
                              outcome, note, at)
SELECT 'c' || h.id || '-' || n, h.id, h.store_id, h.home_guide_id, 'phone', false, 'care',
    'reached', '', %(on)s::timestamp - (h.id * 31 + n * 17) %% 60 * interval '1 day'
FROM people_household h CROSS JOIN generate_series(1, 2) AS n;
INSERT INTO catalog_product (code, name, brand, category_id, size, spec, content, is_active)
SELECT 'P' || c.id, 'Product', '', c.id, '', '', 800, true FROM catalog_category c
ON CONFLICT DO NOTHING;
INSERT INTO care_runout (household_id, category_id, store_id, product_id, purchases, n, s1, s2, e1,
    last_day, last_offset, last_content, last_packs, pile, bought, last_on, p10_on, p50_on, p90_on,
    call_on, chance, reasons, is_stale, updated_at)
SELECT h.id, c.id, h.store_id, c.product, 5, 3.2, 9.1, 26.4, 0, 1000, 0, 800, 1, 0, 4000,
    d.call_on - 21, d.call_on - 1, d.call_on + 3, d.call_on + 9, d.call_on,
    0.5 + (h.id * 13 + c.nth) %% 50 / 100.0, '{"packs": 1, "purchases": 5, "usual_days": 24.0}',
    false, now()
FROM people_household h
CROSS JOIN (
    SELECT c.id, p.id AS product, row_number() OVER (ORDER BY c.id) AS nth
    FROM catalog_category c JOIN catalog_product p ON p.category_id = c.id AND p.code = 'P' || c.id
    ORDER BY c.id
    LIMIT 10
) c
CROSS JOIN LATERAL (
    SELECT %(on)s::date - 100 + ((h.id * 7907 + c.nth * 104729) %% 144 * 2)::int AS call_on
) d;
