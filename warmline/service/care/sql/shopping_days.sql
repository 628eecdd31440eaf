-- The days on which these families shopped with us, whatever they bought.
SELECT DISTINCT household_id, sold_on - date '2015-01-01' AS day
FROM sales_sale WHERE household_id = ANY(%(households)s)
ORDER BY household_id, day
