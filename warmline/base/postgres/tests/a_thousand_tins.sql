-- About 2 MB of rows that do not compress.
INSERT INTO tin
SELECT i, (SELECT string_agg(md5(random()::text || i || j), '') FROM generate_series(1, 55) j)
FROM generate_series(1, 1000) i
