-- Which different articles does the file name?
SELECT gtin, code, product_name FROM pg_temp.raw_sale GROUP BY 1, 2, 3
