-- The books: what an outside auditor may read. Numbers stand for people; there is no name, phone,
-- note, address or text in any of them.
CREATE VIEW books_promises AS
SELECT p.id AS promise, p.kind, p.household_id AS household, p.child_id AS child, s.code AS store,
       p.keeper_id AS keeper, p.purpose, p.channel, p.playbook_id AS playbook, p.weight,
       p.made_by_id AS made_by, p.made_at, p.shows_at, p.due_at, p.status, p.closed_at, p.done_at,
       p.tries
FROM promises_promise p
JOIN people_store s ON s.id = p.store_id;

CREATE VIEW books_contacts AS
SELECT c.id AS contact, c.household_id AS household, c.child_id AS child, s.code AS store,
       c.staff_id AS staff, c.promise_id AS promise, c.medium, c.is_inbound, c.purpose, c.outcome,
       c.at
FROM contacts_contact c
JOIN people_store s ON s.id = c.store_id;

CREATE VIEW books_sales AS
SELECT l.sale_id AS sale, v.source, v.document_no, s.code AS store, v.household_id AS household,
       v.guide_id AS guide, v.sold_at, v.sold_on, v.total, v.received_at, v.import_id AS import,
       l.line_no, l.code, p.id AS product, g.code AS category, l.quantity, l.amount,
       l.quantity * p.content AS content
FROM sales_sale v
JOIN people_store s ON s.id = v.store_id
JOIN sales_saleline l ON l.sale_id = v.id
LEFT JOIN catalog_product p ON p.id = l.product_id
LEFT JOIN catalog_category g ON g.id = p.category_id;

CREATE VIEW books_run_outs AS
SELECT o.household_id AS household, g.code AS category, g.unit, s.code AS store,
       o.product_id AS product, o.purchases, o.last_on, o.last_content, o.bought, o.p10_on, o.p50_on,
       o.p90_on, o.call_on, o.chance, o.updated_at
FROM care_runout o
JOIN people_store s ON s.id = o.store_id
JOIN catalog_category g ON g.id = o.category_id;

CREATE VIEW books_readings AS
SELECT r.id AS reading, r.at, r.staff_id AS staff, r.token_id AS token, r.role, s.code AS store,
       r.purpose, r.households, r.fields, r.request_id AS request
FROM people_reading r
LEFT JOIN people_store s ON s.id = r.store_id;

CREATE VIEW books_messages AS
SELECT m.id AS message, m.household_id AS household, m.staff_id AS staff, s.code AS store, m.channel,
       m.purpose, m.template, m.status, m.tries, m.repeated, m.receipt, m.created_at, m.run_at,
       m.accepted_at, m.delivered_at
FROM contacts_message m
LEFT JOIN people_store s ON s.id = m.store_id;

-- A simple view can be written through, with its owner's rights: nobody may.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'warmline_app') THEN
    REVOKE ALL ON books_promises, books_contacts, books_sales, books_run_outs, books_readings,
        books_messages FROM warmline_app;
    GRANT SELECT ON books_promises, books_contacts, books_sales, books_run_outs, books_readings,
        books_messages TO warmline_app;
  END IF;
END
$$;
