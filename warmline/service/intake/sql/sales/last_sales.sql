-- When did these families buy last, by what is still there?
UPDATE people_household h SET last_sale_on = latest.sold_on
FROM (
    SELECT f.id, (SELECT max(s.sold_on) FROM sales_sale s WHERE s.household_id = f.id) AS sold_on
    FROM people_household f WHERE f.id = ANY(%(households)s)
    ORDER BY f.id FOR NO KEY UPDATE OF f
) latest
WHERE h.id = latest.id AND h.last_sale_on IS DISTINCT FROM latest.sold_on
