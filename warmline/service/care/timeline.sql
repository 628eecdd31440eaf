-- Everything that happened with one family, newest first: the newest of each kind, and the newest of those.
WITH lines AS (
    (SELECT c.id, 'contact' AS kind, c.at, c.outcome AS status, c.medium, c.is_inbound AS flag, c.note AS sealed,
            staff.name AS who, '' AS words, NULL::jsonb AS title, NULL::float8 AS value, '' AS unit, NULL::timestamptz AS done_at
     FROM contacts_contact c LEFT JOIN people_staff staff ON staff.id = c.staff_id
     WHERE c.household_id = %(household)s AND c.at < %(before)s::timestamptz
     ORDER BY c.at DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT m.id, 'message', m.created_at, m.status, m.channel, false, m.text, '', '', NULL, NULL, '', NULL
     FROM contacts_message m
     WHERE m.household_id = %(household)s AND m.created_at < %(before)s::timestamptz
     ORDER BY m.created_at DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT s.id, 'sale', s.sold_at, '', '', false, NULL, store.name, s.total::text, NULL, NULL, '', NULL
     FROM sales_sale s JOIN people_store store ON store.id = s.store_id
     WHERE s.household_id = %(household)s AND s.sold_at < %(before)s::timestamptz
     ORDER BY s.sold_at DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT p.id, 'promise', p.closed_at, p.status, p.waived_for, false, NULL, keeper.name, p.words, script.title, NULL, '',
            p.done_at
     FROM promises_promise p
     LEFT JOIN people_staff keeper ON keeper.id = p.keeper_id
     LEFT JOIN promises_script script ON script.id = p.script_id
     WHERE p.household_id = %(household)s AND p.closed_at < %(before)s::timestamptz
     ORDER BY p.closed_at DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT c.id, 'correction', c.created_at, c.kind, '', c.kind IN ('share', 'elsewhere'), NULL, '', '', category.name, c.value,
            category.unit, NULL
     FROM care_correction c JOIN catalog_category category ON category.id = c.category_id
     WHERE c.household_id = %(household)s AND c.created_at < %(before)s::timestamptz
     ORDER BY c.created_at DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT e.id, 'joined', e.at, '', '', false, NULL, '', '', NULL, NULL, '', NULL
     FROM journal_entry e
     WHERE e.household_id = %(household)s AND e.kind = 'people.family_joined' AND e.at < %(before)s::timestamptz
     ORDER BY e.at DESC LIMIT %(limit)s)
    ORDER BY at DESC LIMIT %(limit)s
)
SELECT kind, at, status, medium, flag, sealed, who, words, title, value, unit, done_at,
    CASE WHEN kind = 'sale' THEN (
        SELECT jsonb_agg(jsonb_build_array(coalesce(nullif(p.name, ''), nullif(l.name, ''), l.code), l.quantity)
                         ORDER BY l.line_no)
        FROM sales_saleline l LEFT JOIN catalog_product p ON p.id = l.product_id
        WHERE l.sale_id = lines.id
    ) END AS articles
FROM lines
ORDER BY at DESC
