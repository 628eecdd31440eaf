-- The days on which these families shopped, whatever they bought, as often as they did; as columns.
COPY (
    SELECT array_agg(household_id), array_agg(sold_on - date '2015-01-01') FROM sales_sale
    WHERE household_id >= %(first)s AND household_id < %(end)s
    GROUP BY household_id / 4096
) TO STDOUT (FORMAT binary)
