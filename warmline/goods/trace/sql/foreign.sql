-- Numbers for codes that somebody else printed, new ones for those never named, by their place in the
-- question (hashes in order). Whoever names the same thing at the same time waits, and the first
-- one's number holds for both: those are not among the answers.
WITH asked AS MATERIALIZED (
    SELECT s.hash, s.uri, s.n, f.unit_id
    FROM unnest(%(hashes)s::uuid[], %(uris)s::text[]) WITH ORDINALITY AS s (hash, uri, n)
    LEFT JOIN trace_foreigncode f USING (hash)
), fresh AS (
    INSERT INTO trace_foreigncode (hash, uri, unit_id)
    SELECT hash, uri, %(base)s::bigint | nextval('trace_foreign')
    FROM asked WHERE unit_id IS NULL ORDER BY n
    ON CONFLICT DO NOTHING
    RETURNING hash, unit_id
)
SELECT n, unit_id FROM asked WHERE unit_id IS NOT NULL
UNION ALL
SELECT asked.n, fresh.unit_id FROM fresh JOIN asked USING (hash)
