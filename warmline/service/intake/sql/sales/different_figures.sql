-- Which different quantities, prices and amounts does the file hold?
SELECT line_no, qty, price, amount, way FROM pg_temp.raw_sale GROUP BY 1, 2, 3, 4, 5
