-- Receive sales: each document once, its family and its products found, and all that follows from
-- it written with it: lines, the family's last sale, the journal and its to-do rows, the read audit
-- and the answer kept for a repeated request. One statement, so one transaction and one round trip.
-- Whoever loses a race against the same document or key gets a unique violation and asks again.
-- Look-ups are LATERAL … LIMIT 1, so that they are index look-ups whatever the statistics say.
WITH known AS (
    SELECT fingerprint, status, answer FROM base_idempotent
    WHERE scope = %(scope)s AND key = %(key)s
), sent AS MATERIALIZED (
    SELECT s.*, store.id AS store_id, store.time_zone,
           -- a till that names no offset means the clock on its own wall
           CASE WHEN s.said_at ~ '(Z|[+-][0-9]{2}:[0-9]{2})$' THEN s.said_at::timestamptz
                ELSE s.said_at::timestamp AT TIME ZONE coalesce(store.time_zone, 'UTC') END AS sold_at,
           coalesce(s.said_total, (
               SELECT sum(x.amount) FROM json_to_recordset(s.lines) AS x (amount numeric)
           ))::numeric(12, 2) AS total,
           decode(nullif(s.phone, ''), 'hex') AS phone_bi
    FROM ROWS FROM (
        json_to_recordset(%(sales)s::json) AS (
            document_no text, store text, sold_at text, member_no text, phone text, guide text,
            total numeric, lines json
        )
    ) WITH ORDINALITY AS s (
        document_no, store, said_at, member_no, phone, guide, said_total, lines, n
    )
    LEFT JOIN LATERAL (
        SELECT id, time_zone FROM people_store
        WHERE code = s.store AND (%(only_store)s::bigint IS NULL OR id = %(only_store)s) LIMIT 1
    ) store ON true
    WHERE %(token)s::bigint IS NULL
       OR EXISTS (SELECT FROM people_token t WHERE t.id = %(token)s AND t.revoked_at IS NULL)
), judged AS MATERIALIZED (
    SELECT s.*, old.id AS old_id, old.household_id AS old_household,
           (s.sold_at AT TIME ZONE s.time_zone)::date AS sold_on,
           CASE
               WHEN s.store_id IS NULL THEN 'unknown_store'
               WHEN s.sold_at > %(now)s::timestamptz + interval '1 day' THEN 'in_the_future'
               WHEN s.sold_at < '2000-01-01Z' THEN 'too_old'
               WHEN old.id IS NOT NULL AND (
                   (old.store_id, old.sold_at, old.total, old.member_no::text, old.phone_bi)
                       IS DISTINCT FROM (s.store_id, s.sold_at, s.total, s.member_no, s.phone_bi)
                   OR (SELECT array_agg((l.code::text, l.quantity, l.amount) ORDER BY l.line_no)
                       FROM sales_saleline l WHERE l.sale_id = old.id)
                       IS DISTINCT FROM
                      (SELECT array_agg((x.code, x.quantity, x.amount) ORDER BY x.n)
                       FROM ROWS FROM (json_to_recordset(s.lines) AS (
                           code text, quantity numeric(10, 3), amount numeric(12, 2)
                       )) WITH ORDINALITY AS x (code, quantity, amount, n))
               ) THEN 'changed'
           END AS error
    FROM sent s
    LEFT JOIN LATERAL (
        SELECT * FROM sales_sale
        WHERE source = %(source)s AND document_no = s.document_no LIMIT 1
    ) old ON true
), new AS MATERIALIZED (
    SELECT j.*, nextval('sales_sale_id_seq') AS id, guide.id AS guide_id, buyer.id AS member_id,
           family.id AS household_id, family.store_id AS home_store, family.last_sale_on
    FROM judged j
    LEFT JOIN LATERAL (
        SELECT id FROM people_staff WHERE j.guide <> '' AND code = j.guide LIMIT 1
    ) guide ON true
    LEFT JOIN LATERAL (
        SELECT id, household_id FROM people_member
        WHERE j.member_no <> '' AND member_no = j.member_no
        UNION ALL
        -- a phone that two families share is the family's of this store, or nobody's
        SELECT min(m.id), min(m.household_id) FROM people_member m
        WHERE m.phone_bi = j.phone_bi
        HAVING min(m.household_id) = max(m.household_id)
        UNION ALL
        SELECT min(m.id), min(h.id)
        FROM people_member m JOIN people_household h ON h.id = m.household_id
        WHERE m.phone_bi = j.phone_bi AND h.store_id = j.store_id
        HAVING min(h.id) = max(h.id)
        LIMIT 1
    ) buyer ON true
    LEFT JOIN LATERAL (
        SELECT id, store_id, last_sale_on FROM people_household
        WHERE id = buyer.household_id LIMIT 1
    ) family ON true
    WHERE j.error IS NULL AND j.old_id IS NULL AND NOT EXISTS (SELECT FROM known)
), bought AS MATERIALIZED (
    SELECT new.id AS sale_id, new.household_id, l.*, product.id AS product_id, product.category
    FROM new
    CROSS JOIN LATERAL ROWS FROM (
        json_to_recordset(new.lines) AS (code text, name text, quantity numeric, amount numeric)
    ) WITH ORDINALITY AS l (code, name, quantity, amount, line_no)
    LEFT JOIN LATERAL (
        SELECT p.id, c.code AS category FROM catalog_product p
        JOIN catalog_category c ON c.id = p.category_id
        WHERE p.code = l.code
        UNION ALL
        SELECT p.id, c.code FROM catalog_product p
        JOIN catalog_category c ON c.id = p.category_id
        WHERE l.code ~ '^([0-9]{8}|[0-9]{12,14})$' AND p.gtin = lpad(l.code, 14, '0')
        LIMIT 1
    ) product ON true
), told AS MATERIALIZED (
    SELECT sale_id, bool_and(quantity < 0) AS is_return,
           coalesce(array_agg(DISTINCT category) FILTER (WHERE category IS NOT NULL), '{}') AS all_of_it,
           coalesce(array_agg(DISTINCT category)
                    FILTER (WHERE category IS NOT NULL AND quantity > 0), '{}') AS taken_home,
           coalesce(json_agg(code ORDER BY line_no) FILTER (WHERE product_id IS NULL), '[]') AS unknown
    FROM bought GROUP BY sale_id
), sale AS (
    INSERT INTO sales_sale (id, source, document_no, store_id, household_id, member_id, member_no,
                            phone_bi, guide_id, sold_at, sold_on, total, received_at)
    SELECT id, %(source)s, document_no, store_id, household_id, member_id, member_no,
           phone_bi, guide_id, sold_at, sold_on, total, %(now)s
    FROM new ORDER BY document_no
), line AS (
    INSERT INTO sales_saleline (sale_id, household_id, line_no, product_id, code, name, quantity,
                                amount)
    SELECT sale_id, household_id, line_no, product_id, code, name, quantity, amount FROM bought
), family AS (
    UPDATE people_household h SET last_sale_on = latest.sold_on
    FROM (
        -- in one order, so that two batches never wait for each other in a ring
        SELECT f.id, n.sold_on
        FROM (SELECT household_id, max(sold_on) AS sold_on FROM new GROUP BY household_id) n
        JOIN people_household f ON f.id = n.household_id
        WHERE f.last_sale_on IS NULL OR f.last_sale_on < n.sold_on
        ORDER BY f.id FOR NO KEY UPDATE OF f
    ) latest
    WHERE h.id = latest.id AND (h.last_sale_on IS NULL OR h.last_sale_on < latest.sold_on)
), entry AS (
    INSERT INTO journal_entry (kind, at, household_id, store_id, body)
    SELECT 'sales.posted', %(now)s, new.household_id, new.store_id, jsonb_build_object(
        'household', new.household_id, 'store', new.store_id, 'sale', new.id,
        'total', new.total::float8, 'is_return', told.is_return,
        'categories', CASE WHEN told.is_return THEN told.all_of_it ELSE told.taken_home END,
        'is_first', NOT told.is_return AND new.last_sale_on IS NULL AND row_number() OVER (
            PARTITION BY new.household_id ORDER BY told.is_return, new.sold_at, new.id) = 1,
        'days_late', greatest(
            0, (%(now)s::timestamptz AT TIME ZONE new.time_zone)::date - new.sold_on)
    )
    FROM new JOIN told ON told.sale_id = new.id
    WHERE new.household_id IS NOT NULL
    RETURNING id
), task AS (
    INSERT INTO journal_task (entry_id, listener)
    SELECT entry.id, name FROM entry CROSS JOIN unnest(%(listeners)s::text[]) AS name
), shown AS MATERIALIZED (
    SELECT j.n, j.document_no, j.error, j.sold_on, j.total, told.unknown,
           coalesce(j.old_id, new.id) AS id,
           CASE WHEN new.id IS NOT NULL THEN 'posted' WHEN j.error IS NOT NULL THEN 'refused'
                ELSE 'repeated' END AS outcome,
           -- a family of another store does not exist for this token, even if it bought here
           CASE WHEN j.error IS NOT NULL THEN NULL
                WHEN j.old_id IS NULL THEN
                    CASE WHEN %(only_store)s::bigint IS NULL OR new.home_store = %(only_store)s
                         THEN new.household_id END
                ELSE (SELECT h.id FROM people_household h
                      WHERE h.id = j.old_household AND
                            (%(only_store)s::bigint IS NULL OR h.store_id = %(only_store)s))
           END AS household
    FROM judged j
    LEFT JOIN new ON new.n = j.n
    LEFT JOIN told ON told.sale_id = new.id
), reading AS (
    INSERT INTO people_reading (at, token_id, role, store_id, ip, request_id, purpose, households,
                                fields)
    SELECT %(now)s, %(token)s::bigint, %(role)s, %(only_store)s::bigint, %(ip)s::inet,
           %(request)s, %(purpose)s, array_agg(DISTINCT household), ARRAY['purchase']
    FROM shown WHERE household IS NOT NULL AND %(token)s::bigint IS NOT NULL
    HAVING count(*) > 0
), answer AS MATERIALIZED (
    SELECT CASE WHEN NOT %(single)s THEN 200
                ELSE min(CASE WHEN outcome = 'posted' THEN 201 WHEN outcome = 'repeated' THEN 200
                              WHEN error = 'changed' THEN 409 ELSE 422 END) END AS status,
           convert_to(CASE WHEN %(single)s THEN min(body) ELSE concat(
               '{"posted":', count(*) FILTER (WHERE outcome = 'posted'),
               ',"repeated":', count(*) FILTER (WHERE outcome = 'repeated'),
               ',"refused":', count(*) FILTER (WHERE outcome = 'refused'),
               ',"results":[', string_agg(body, ',' ORDER BY place), ']}'
           ) END, 'UTF8') AS body
    FROM (
        SELECT (%(places)s::int[])[n] AS place, outcome, error, json_strip_nulls(json_build_object(
                   'index', CASE WHEN NOT %(single)s THEN (%(places)s::int[])[n] END,
                   'document_no', document_no, 'outcome', outcome, 'id', id,
                   'household', household, 'sold_on', sold_on, 'total', total::text,
                   'unknown_codes', unknown, 'error', error,
                   'detail', %(sentences)s::json ->> error))::text AS body
        FROM shown
        UNION ALL
        SELECT (r ->> 'index')::int, 'refused', r ->> 'error', r::text
        FROM json_array_elements(%(refused)s::json) AS r
    ) each
    -- no row for one that was sent: the token was revoked
    HAVING count(*) = cardinality(%(places)s::int[]) + json_array_length(%(refused)s::json)
), kept AS (
    INSERT INTO base_idempotent (scope, key, fingerprint, status, answer, content_type)
    SELECT %(scope)s, %(key)s, %(fingerprint)s, status, body, 'application/json'
    FROM answer
    WHERE %(key)s::text IS NOT NULL AND status < 400 AND NOT EXISTS (SELECT FROM known)
)
SELECT fingerprint, status, answer FROM known
UNION ALL
SELECT NULL, status, body FROM answer WHERE NOT EXISTS (SELECT FROM known)
