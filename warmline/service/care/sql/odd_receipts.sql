-- The receipts of what was found, and the store of the latest: of one product if one is named, of what
-- was brought back if that was it.
SELECT found.n - 1, latest.store_id, latest.receipts
FROM unnest(%(households)s::bigint[], %(products)s::bigint[])
    WITH ORDINALITY AS found (household, product, n)
CROSS JOIN LATERAL (
    SELECT (array_agg(s.store_id ORDER BY s.sold_at DESC))[1] AS store_id,
        (array_agg(DISTINCT s.id))[:20] AS receipts
    FROM sales_sale s
    JOIN sales_saleline l ON l.sale_id = s.id
    WHERE s.household_id = found.household
        AND s.sold_on > %(since)s::date AND s.sold_on <= %(until)s::date
        AND (found.product IS NULL OR l.product_id = found.product)
        AND (NOT %(is_back)s::boolean OR l.quantity < 0)
) latest
ORDER BY found.n
