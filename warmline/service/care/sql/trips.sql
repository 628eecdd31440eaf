-- On how many days of the 28 before did each of these families shop with us?
SELECT d.household_id, d.sold_on, count(DISTINCT s.sold_on)::float8
FROM unnest(%(households)s::bigint[], %(days)s::date[]) AS d(household_id, sold_on)
LEFT JOIN sales_sale s ON s.household_id = d.household_id
    AND s.sold_on >= d.sold_on - 28 AND s.sold_on < d.sold_on
GROUP BY d.household_id, d.sold_on
