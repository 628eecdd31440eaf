-- The bare script: what somebody who trusts the file writes. It knows no encodings, dates as people
-- write them, second uploads, returns, dry runs, undo or reasons; a row that fits nowhere is gone.
CREATE TEMPORARY TABLE staged (
    household_id text, store_id text, basket_id text, product_id text, quantity text,
    sales_value text, sold_at text
) ON COMMIT DROP;
COPY staged FROM STDIN (FORMAT csv, HEADER);
ANALYZE staged;
CREATE TEMPORARY TABLE receipt ON COMMIT DROP AS
SELECT nextval('sales_sale_id_seq') AS id, basket_id, s.id AS store_id, m.id AS member_id,
       m.household_id, t.household_id AS member_no, t.sold_at::timestamp AT TIME ZONE s.time_zone AS at,
       t.sold_at::date AS day, t.total
FROM (
    SELECT basket_id, min(store_id) AS store, min(household_id) AS household_id,
           min(sold_at) AS sold_at, sum(sales_value::numeric) AS total
    FROM staged GROUP BY basket_id
) t
JOIN people_store s ON s.code = t.store
LEFT JOIN people_member m ON m.member_no = t.household_id;
ANALYZE receipt;
INSERT INTO sales_sale (id, source, document_no, store_id, household_id, member_id, member_no,
                        sold_at, sold_on, total, received_at)
SELECT id, 'floor', basket_id, store_id, household_id, member_id, member_no, at, day, total, now()
FROM receipt ORDER BY basket_id;
INSERT INTO sales_saleline (sale_id, household_id, line_no, product_id, code, name, quantity, amount)
SELECT r.id, r.household_id, row_number() OVER (PARTITION BY r.id), p.id, t.product_id, '',
       t.quantity::numeric, t.sales_value::numeric
FROM staged t
JOIN receipt r ON r.basket_id = t.basket_id
LEFT JOIN catalog_product p ON p.code = t.product_id
WHERE t.quantity::numeric <> 0;
UPDATE people_household h SET last_sale_on = latest.day
FROM (SELECT household_id, max(day) AS day FROM receipt GROUP BY household_id) latest
WHERE h.id = latest.household_id AND (h.last_sale_on IS NULL OR h.last_sale_on < latest.day)
