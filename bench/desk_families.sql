-- Families known by these numbers, for `bench/desk.py`: who asks over HTTP.
WITH numbered AS (
    SELECT phone_bi, n FROM unnest(%(numbers)s::bytea[]) WITH ORDINALITY AS t (phone_bi, n)
), family AS (
    INSERT INTO people_household (store_id, tier, status, dialect, joined_on, source)
    SELECT 1 + n %% (SELECT count(*) FROM people_store), 0, 'active', '', DATE '2026-01-01', 'bench'
    FROM numbered ORDER BY n
    RETURNING id
), placed AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM family
)
INSERT INTO people_member (household_id, name, relation, phone, phone_bi, phone_last4, email, wecom_id,
    is_primary, name_sort, created_at)
SELECT placed.id, '林先生', 'father', ''::bytea, numbered.phone_bi, '0000', ''::bytea, '', true, '', now()
FROM placed JOIN numbered ON numbered.n = placed.n
