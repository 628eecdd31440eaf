-- Which cases broke a promise that fell due in this while? The newest first.
SELECT DISTINCT split_part(p.key, ':', 2)::bigint AS id
FROM promises_promise p JOIN people_store s ON s.id = p.store_id
WHERE p.kind LIKE 'desk.%%' AND p.key LIKE 'desk:%%' AND p.status = 'broken'
    AND p.due_at >= %(since)s::timestamptz AND p.due_at < %(until)s::timestamptz
    AND (%(level)s::text = '' OR CASE %(level)s::text WHEN 'region' THEN s.region_id
        WHEN 'guide' THEN p.keeper_id ELSE p.store_id END IS NOT DISTINCT FROM %(of)s::bigint)
ORDER BY id DESC
LIMIT %(limit)s::int
