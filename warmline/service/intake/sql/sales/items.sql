-- The file's articles; which products they are is asked again when the file is imported.
INSERT INTO intake_saleitem (import_id, item, code, gtin, name)
SELECT %(import)s, item, local, world, title FROM pg_temp.meant_item WHERE reason IS NULL
