-- Lines that named these products before the catalogue did, by code or by bar code: as GTIN-14, or as
-- the shorter number of which the rest is zeros.
UPDATE sales_saleline l SET product_id = p.id
FROM catalog_product p
WHERE p.id = ANY(%(products)s) AND l.product_id IS NULL
  AND l.code = ANY(ARRAY[
      p.code,
      p.gtin,
      CASE WHEN left(p.gtin, 1) = '0' THEN right(p.gtin, 13) END,
      CASE WHEN left(p.gtin, 2) = '00' THEN right(p.gtin, 12) END,
      CASE WHEN left(p.gtin, 6) = '000000' THEN right(p.gtin, 8) END
  ])
RETURNING l.household_id
