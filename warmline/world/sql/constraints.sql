-- Which rules of these tables cost work for every row? Foreign keys and uniqueness, with the words
-- that bring them back; keys first, since they lean on the others.
SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
FROM pg_constraint
WHERE contype IN ('f', 'u') AND conrelid = ANY(%(tables)s::text[]::regclass[])
ORDER BY contype = 'u', conrelid, conname
