-- A chain whose run-outs are computed by bench/recompute.py: families, receipts of three lines each.
INSERT INTO people_store (code, name, address, phone, time_zone, hours, is_open)
SELECT 'B' || n, 'Store ' || n, '', '', 'Asia/Shanghai', '[]', true FROM generate_series(1, 100) AS n;
INSERT INTO catalog_product (code, name, brand, category_id, size, spec, content, is_active)
SELECT 'BENCH' || lpad(n::text, 4, '0'), 'Product ' || n, '', c.id, '', '', c.content, true
FROM generate_series(1, 500) AS n
JOIN LATERAL (
    SELECT id, (ARRAY[800, 60, 80, 12])[1 + n %% 4] AS content FROM catalog_category
    WHERE code = (ARRAY['formula', 'diapers', 'wipes', 'baby_food'])[1 + n %% 4]
) c ON true;
INSERT INTO people_household (store_id, tier, status, dialect, joined_on, source)
SELECT s.id, 0, 'active', '', DATE '2025-06-01', 'bench'
FROM generate_series(1, %(households)s) AS n
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM people_store) s ON s.nth = 1 + n %% 100;
INSERT INTO sales_sale (source, document_no, store_id, household_id, member_no, sold_at, sold_on,
                        total, received_at)
SELECT 'seed', h.id || '-' || n, h.store_id, h.id, '', d.sold_on, d.sold_on, 511.50, now()
FROM generate_series(1, %(receipts)s) AS n
CROSS JOIN people_household h
CROSS JOIN LATERAL (
    SELECT DATE '2025-06-01' + n * 24 + (hashint8(h.id * 31 + n) & 15) AS sold_on
) d;
INSERT INTO sales_saleline (sale_id, household_id, line_no, product_id, code, name, quantity, amount)
SELECT s.id, s.household_id, n, products.ids[1 + (hashint8(s.id * 7 + n) & 1023) %% 500], 'BENCH', '',
    1 + (hashint8(s.id + n) & 1), 170.50
FROM sales_sale s CROSS JOIN generate_series(1, 3) AS n
CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM catalog_product) products;
