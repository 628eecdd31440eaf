-- All that a document asks before it writes: steps of the counters, which of its events somebody told
-- already, and which of its codes of others have a number (both by their place in the question).
SELECT 0, 0, nextval('trace_counter') FROM generate_series(1, %(blocks)s::int)
UNION ALL
SELECT 1, 0, nextval('trace_foreign') FROM generate_series(1, %(foreign_blocks)s::int)
UNION ALL
SELECT 2, s.n, k.event_id
FROM unnest(%(hashes)s::uuid[]) WITH ORDINALITY AS s (hash, n) JOIN trace_eventkey k USING (hash)
UNION ALL
SELECT 3, s.n, f.unit_id
FROM unnest(%(codes)s::uuid[]) WITH ORDINALITY AS s (hash, n) JOIN trace_foreigncode f USING (hash)
