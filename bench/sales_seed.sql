-- A small chain for bench/sales.py, all members known: what a fresh --data directory starts with.
INSERT INTO people_store (code, name, address, phone, time_zone, hours, is_open)
SELECT 'B' || lpad(n::text, 3, '0'), 'Store ' || n, '', '', 'Asia/Shanghai', '[]', true
FROM generate_series(1, 50) AS n;
INSERT INTO catalog_product (code, name, brand, category_id, size, spec, content, is_active)
SELECT 'BENCH' || lpad(n::text, 4, '0'), 'Product ' || n, '', c.id, '', '', 800, true
FROM generate_series(1, 500) AS n
JOIN LATERAL (SELECT id FROM catalog_category ORDER BY id OFFSET n %% 5 LIMIT 1) c ON true;
INSERT INTO people_household (store_id, tier, status, dialect, joined_on, source)
SELECT s.id, 0, 'active', '', DATE '2026-01-01', 'bench'
FROM generate_series(1, %(households)s) AS n
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM people_store) s ON s.nth = 1 + n %% 50;
INSERT INTO people_member (household_id, name, relation, member_no, phone, phone_last4, email,
                           wecom_id, is_primary, name_sort, created_at)
SELECT id, 'Member', 'mother', 'BM' || lpad(id::text, 9, '0'), '', '', '', '', true, '', now()
FROM people_household WHERE source = 'bench';
INSERT INTO people_child (household_id, name, sex, born_on, feeding, allergies, created_at)
SELECT id, '', '', DATE '2026-03-01' + (id %% 200)::int, 'formula', '{}', now()
FROM people_household WHERE source = 'bench';
WITH sale AS (
    INSERT INTO sales_sale (source, document_no, store_id, household_id, member_id, member_no,
                            sold_at, sold_on, total, received_at)
    SELECT 'seed', m.id || '-' || n, h.store_id, h.id, m.id, m.member_no,
           TIMESTAMPTZ '2026-06-01Z' + n * interval '20 days',
           DATE '2026-06-01' + n * 20, 511.50, now()
    FROM people_household h JOIN people_member m ON m.household_id = h.id
    CROSS JOIN generate_series(1, %(history)s) AS n
    WHERE h.source = 'bench'
    RETURNING id, household_id
)
INSERT INTO sales_saleline (sale_id, household_id, line_no, product_id, code, name, quantity, amount)
SELECT sale.id, sale.household_id, n, p.id, p.code, '', 2, 170.50
FROM sale CROSS JOIN generate_series(1, 3) AS n
JOIN (SELECT id, code, row_number() OVER (ORDER BY id) AS nth FROM catalog_product) p
    ON p.nth = 1 + (sale.id * 7 + n * 31) %% 500;
UPDATE people_household SET last_sale_on = DATE '2026-06-01' + %(history)s * 20
WHERE source = 'bench' AND %(history)s > 0;
