-- Lines that named these products before the catalogue did, by code or by bar code.
UPDATE sales_saleline l SET product_id = p.id
FROM catalog_product p
WHERE p.id = ANY(%(products)s) AND l.product_id IS NULL
  AND l.code = ANY(ARRAY[p.code, p.gtin, ltrim(p.gtin, '0'), right(p.gtin, 13), right(p.gtin, 12),
                         right(p.gtin, 8)])
RETURNING l.household_id
