-- Put these products in, or change those whose code is known. A bar code that another article has
-- (here or earlier in the batch) is refused; everything else of the batch goes on.
WITH sent AS MATERIALIZED (
    SELECT s.*, row_number() OVER (PARTITION BY s.gtin ORDER BY s.code) AS nth
    FROM json_to_recordset(%(products)s::json) AS s (
        code text, gtin text, name text, brand text, category bigint, stage smallint, size text,
        spec text, content float8, price numeric, opened_days smallint, is_active boolean
    )
), taken AS MATERIALIZED (
    SELECT s.code FROM sent s
    WHERE s.gtin IS NOT NULL AND (
        s.nth > 1
        OR EXISTS (SELECT FROM catalog_product p WHERE p.gtin = s.gtin AND p.code <> s.code))
), put AS (
    INSERT INTO catalog_product AS p (code, gtin, name, brand, category_id, stage, size, spec,
                                      content, price, opened_days, is_active)
    SELECT code, gtin, name, brand, category, stage, size, spec, content, price, opened_days,
           is_active
    FROM sent WHERE code NOT IN (SELECT code FROM taken)
    ORDER BY code
    ON CONFLICT (code) DO UPDATE SET
        gtin = coalesce(excluded.gtin, p.gtin), name = excluded.name, brand = excluded.brand,
        category_id = excluded.category_id, stage = excluded.stage, size = excluded.size,
        spec = excluded.spec, content = coalesce(excluded.content, p.content),
        price = coalesce(excluded.price, p.price),
        opened_days = coalesce(excluded.opened_days, p.opened_days),
        is_active = excluded.is_active
    WHERE (p.gtin, p.name, p.brand, p.category_id, p.stage, p.size, p.spec, p.content, p.price,
           p.opened_days, p.is_active)
        IS DISTINCT FROM
          (coalesce(excluded.gtin, p.gtin), excluded.name, excluded.brand, excluded.category_id,
           excluded.stage, excluded.size, excluded.spec, coalesce(excluded.content, p.content),
           coalesce(excluded.price, p.price), coalesce(excluded.opened_days, p.opened_days),
           excluded.is_active)
    RETURNING code, id, CASE WHEN xmax = 0 THEN 'added' ELSE 'changed' END AS outcome
)
SELECT code, id, outcome FROM put
UNION ALL
SELECT code, NULL, 'gtin_taken' FROM taken
UNION ALL
SELECT s.code, p.id, 'same' FROM sent s JOIN catalog_product p ON p.code = s.code
WHERE s.code NOT IN (SELECT code FROM put) AND s.code NOT IN (SELECT code FROM taken)
