-- The floor of bench/sales.py: the rows that one posted receipt writes, as eight plain statements of
-- one transaction. No look-up, no check: what an ordinary transaction of these rows costs at best.
\set d random(1, 9000000000000000)
\set h random(:h0, :h1)
\set m random(:m0, :m1)
\set pa random(:p0, :p1)
\set pb random(:p0, :p1)
\set pc random(:p0, :p1)
BEGIN;
INSERT INTO sales_sale (source, document_no, store_id, household_id, member_id, member_no, sold_at, sold_on, total, received_at) VALUES ('floor', 'floor-' || :d, :store, :h, :m, 'floor', now(), current_date, 511.50, now()) RETURNING id AS sale \gset
INSERT INTO sales_saleline (sale_id, household_id, line_no, product_id, code, name, quantity, amount) VALUES (:sale, :h, 1, :pa, 'BENCH0001', '', 2, 170.50), (:sale, :h, 2, :pb, 'BENCH0002', '', 2, 170.50), (:sale, :h, 3, :pc, 'BENCH0003', '', 2, 170.50);
UPDATE people_household SET last_sale_on = current_date WHERE id = :h AND (last_sale_on IS NULL OR last_sale_on < current_date);
INSERT INTO journal_entry (kind, at, household_id, store_id, body) VALUES ('sales.posted', now(), :h, :store, '{"sale": 1234567, "store": 12, "total": 511.5, "is_first": false, "days_late": 0, "household": 123456, "is_return": false, "categories": ["diapers", "formula"]}') RETURNING id AS entry \gset
INSERT INTO journal_task (entry_id, listener) SELECT :entry::bigint, unnest(string_to_array(:listeners::text, ','));
INSERT INTO people_reading (at, token_id, role, store_id, ip, request_id, purpose, households, fields) VALUES (now(), 1, 'hq', NULL, '127.0.0.1', '0123456789abcdef0123456789abcdef', 'api/sales', ARRAY[:h::bigint], ARRAY['purchase']);
INSERT INTO base_idempotent (scope, key, fingerprint, status, answer, content_type) VALUES ('token/0 floor', 'floor-' || :d, '\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 201, convert_to('{"document_no":"0123456789-00-00000000","outcome":"posted","id": 1234567,"household": 123456,"sold_on":"2026-11-21","total":"511.50","unknown_codes":[]}', 'UTF8'), 'application/json');
COMMIT;
