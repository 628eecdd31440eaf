-- The numbers of codes that were named before.
SELECT hash, unit_id FROM trace_foreigncode WHERE hash = ANY(%(hashes)s::uuid[])
