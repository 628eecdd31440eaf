-- Which products are these? By the chain's code, else by bar code.
UPDATE intake_saleitem i SET product_id = product.id
FROM intake_saleitem told
LEFT JOIN LATERAL (
    SELECT p.id FROM catalog_product p WHERE p.code = told.code
    UNION ALL
    SELECT p.id FROM catalog_product p WHERE p.gtin = told.gtin
    UNION ALL
    SELECT p.id FROM catalog_product p
    WHERE told.gtin IS NULL AND told.code ~ '^([0-9]{8}|[0-9]{12,14})$'
      AND p.gtin = lpad(told.code, 14, '0')
    LIMIT 1
) product ON true
WHERE told.import_id = %(import)s AND i.import_id = told.import_id AND i.item = told.item
  AND i.product_id IS DISTINCT FROM product.id
