-- What the cards of these promises say, in the order asked for: the adult to call (else the first of the
-- family), the baby it is about (else the youngest), what to remember, whose promise it is.
SELECT
    p.id AS pk, p.household_id AS family, p.kind, p.why, p.words, p.due_at, p.status, p.done_at,
    p.waived_for, p.tries, p.keeper_id AS keeper, keeper.name AS keeper_name,
    script.title, script.say, script.avoid AS not_to_say,
    member.name AS member, member.phone, child.name AS child, child.counted_from,
    note.avoid, note.remember, p.why ->> 'category' AS category, category.name AS category_name,
    matter.id AS matter, matter.gist
FROM unnest(%(promises)s::bigint[]) WITH ORDINALITY AS asked (id, place)
JOIN promises_promise p ON p.id = asked.id
LEFT JOIN promises_script script ON script.id = p.script_id
LEFT JOIN people_staff keeper ON keeper.id = p.keeper_id
LEFT JOIN catalog_category category ON category.code = p.why ->> 'category'
LEFT JOIN desk_case matter
    ON matter.id = CASE WHEN p.kind LIKE 'desk.%%' THEN (p.why ->> 'case')::bigint END
LEFT JOIN LATERAL (
    SELECT m.name, m.phone FROM people_member m WHERE m.household_id = p.household_id
    ORDER BY m.id IS NOT DISTINCT FROM p.member_id DESC, m.is_primary DESC, m.id
    LIMIT 1
) member ON true
LEFT JOIN LATERAL (
    SELECT c.name, coalesce(c.born_on, c.due_on) AS counted_from
    FROM people_child c WHERE c.household_id = p.household_id
    ORDER BY c.id IS NOT DISTINCT FROM p.child_id DESC, c.frozen_at IS NOT NULL, c.born_on DESC, c.id
    LIMIT 1
) child ON true
LEFT JOIN LATERAL (
    SELECT array_agg(n.text ORDER BY n.id) FILTER (WHERE n.kind = 'avoid') AS avoid,
           array_agg(n.text ORDER BY n.id) FILTER (WHERE n.kind <> 'avoid') AS remember
    FROM people_memorynote n WHERE n.household_id = p.household_id AND n.dropped_at IS NULL
) note ON true
ORDER BY asked.place
