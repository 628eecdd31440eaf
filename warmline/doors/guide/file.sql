-- What the file of one family says beside its history: who they are, what to remember, what they allow,
-- when they run out. In one text, because each of its lists is short.
SELECT json_build_object(
    'members', (
        SELECT json_agg(json_build_object(
            'pk', m.id, 'name', m.name, 'relation', m.relation, 'member_no', m.member_no, 'phone', encode(m.phone, 'hex')
        ) ORDER BY m.is_primary DESC, m.id)
        FROM people_member m WHERE m.household_id = asked.id),
    'children', (
        SELECT json_agg(json_build_object(
            'pk', c.id, 'name', encode(c.name, 'hex'), 'sex', c.sex, 'born_on', c.born_on, 'due_on', c.due_on,
            'feeding', c.feeding, 'is_frozen', c.frozen_at IS NOT NULL
        ) ORDER BY c.born_on DESC, c.id)
        FROM people_child c WHERE c.household_id = asked.id),
    'notes', (
        SELECT json_agg(json_build_object('pk', n.id, 'kind', n.kind, 'text', encode(n.text, 'hex')) ORDER BY n.kind, n.id)
        FROM people_memorynote n WHERE n.household_id = asked.id AND n.dropped_at IS NULL),
    'consents', (
        SELECT json_agg(json_build_array(c.purpose, c.child_id, c.granted) ORDER BY c.id)
        FROM people_consent c WHERE c.household_id = asked.id),
    'run_outs', (
        SELECT json_agg(json_build_object(
            'pk', r.id, 'category', category.code, 'name', category.name, 'unit', category.unit, 'use', category.use,
            'product', product.name, 'p10_on', r.p10_on, 'p50_on', r.p50_on, 'p90_on', r.p90_on, 'reasons', r.reasons,
            'has_pack', r.last_content <> 0,
            'record', (
                SELECT json_agg(json_build_array(f.p10_on, f.p50_on, f.p90_on, f.actual_on) ORDER BY f.made_on DESC)
                FROM (
                    SELECT * FROM care_forecastrecord f
                    WHERE f.household_id = r.household_id AND f.category_id = r.category_id AND f.actual_on IS NOT NULL
                    ORDER BY f.made_on DESC LIMIT 6
                ) f)
        ) ORDER BY r.call_on, r.id)
        FROM care_runout r
        JOIN catalog_category category ON category.id = r.category_id
        LEFT JOIN catalog_product product ON product.id = r.product_id
        WHERE r.household_id = asked.id),
    'has_days', EXISTS (SELECT FROM people_importantdate d WHERE d.household_id = asked.id),
    'has_handover', EXISTS (SELECT FROM people_handoveritem h WHERE h.household_id = asked.id)
)::text
FROM (SELECT %(household)s::bigint) asked (id)
