-- When each of these families bought last: later than we knew.
UPDATE people_household f SET last_sale_on = latest.sold_on
FROM (
    SELECT f.id, n.sold_on
    FROM (
        SELECT household_id, max(sold_on) AS sold_on FROM intake_salehead
        WHERE import_id = %(import)s AND state = 'new' AND household_id IS NOT NULL
        GROUP BY household_id
    ) n JOIN people_household f ON f.id = n.household_id
    WHERE f.last_sale_on IS NULL OR f.last_sale_on < n.sold_on
    ORDER BY f.id FOR NO KEY UPDATE OF f
) latest
WHERE f.id = latest.id
