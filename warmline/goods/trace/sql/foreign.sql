-- Numbers for codes that somebody else printed. Whoever names the same thing at the same time waits,
-- and the first one's number holds for both: those are not among the answers.
INSERT INTO trace_foreigncode (hash, uri, unit_id)
SELECT s.hash, s.uri, %(base)s::bigint | nextval('trace_foreign')
FROM unnest(%(hashes)s::uuid[], %(uris)s::text[]) AS s (hash, uri)
ORDER BY s.hash
ON CONFLICT DO NOTHING
RETURNING hash, unit_id
