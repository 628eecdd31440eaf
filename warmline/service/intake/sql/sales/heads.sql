-- One row a receipt, with the number that its sale will have. A receipt that names two stores, days
-- or members cannot be one receipt.
CREATE TEMPORARY TABLE head ON COMMIT DROP AS
SELECT nextval('sales_sale_id_seq') AS sale_id, receipt.*
FROM (
    SELECT document, min(store_id) AS store_id, min(at) AS sold_at, min(day) AS sold_on,
           coalesce(max(buyer), '') AS member_no, max(guide_id) AS guide_id,
           (array_agg(phone_bi) FILTER (WHERE phone_bi IS NOT NULL))[1] AS phone_bi,
           bool_or(reason IS NOT NULL) AS is_bad,
           CASE WHEN min(store_id) <> max(store_id) THEN 'two_stores'
                WHEN max(day) - min(day) > 1 THEN 'two_days'
                WHEN min(nullif(buyer, '')) <> max(nullif(buyer, '')) THEN 'two_buyers'
           END AS wrong
    FROM pg_temp.meant_receipt WHERE document IS NOT NULL
    GROUP BY document
) receipt
