-- The numbers of codes that were named before, by their place in the question.
SELECT s.n, f.unit_id
FROM unnest(%(hashes)s::uuid[]) WITH ORDINALITY AS s (hash, n)
JOIN trace_foreigncode f USING (hash)
