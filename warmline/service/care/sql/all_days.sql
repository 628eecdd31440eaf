-- The days on which these families shopped, whatever they bought, as often as they did.
COPY (
    SELECT household_id, sold_on - date '2015-01-01' FROM sales_sale
    WHERE household_id >= %(first)s AND household_id < %(end)s
) TO STDOUT (FORMAT binary)
