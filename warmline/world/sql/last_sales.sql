-- When did each family last buy something?
UPDATE people_household h SET last_sale_on = lately.sold_on
FROM (
    SELECT household_id, max(sold_on) AS sold_on FROM sales_sale
    WHERE household_id IS NOT NULL
    GROUP BY household_id
) AS lately
WHERE h.id = lately.household_id
