-- Sales of nobody that carry the number or the phone of these members become their families'.
-- A phone that two families share decides nothing, unless one of them is of the store it was sold in.
WITH waiting AS MATERIALIZED (
    SELECT s.id, m.id AS member_id, m.household_id, 1 AS rank
    FROM people_member m
    JOIN sales_sale s ON s.member_no = m.member_no AND s.member_no <> '' AND s.household_id IS NULL
    WHERE m.id = ANY(%(members)s)
    UNION ALL
    SELECT s.id, m.id, m.household_id, 2
    FROM people_member m
    JOIN people_household h ON h.id = m.household_id
    JOIN sales_sale s ON s.phone_bi = m.phone_bi AND s.household_id IS NULL
    WHERE m.id = ANY(%(members)s)
      AND NOT EXISTS (
          SELECT FROM people_member o JOIN people_household oh ON oh.id = o.household_id
          WHERE o.phone_bi = m.phone_bi AND o.household_id <> m.household_id
            AND (h.store_id <> s.store_id OR oh.store_id = s.store_id))
), found AS MATERIALIZED (
    SELECT DISTINCT ON (id) id, member_id, household_id FROM waiting ORDER BY id, rank, member_id
), sale AS (
    UPDATE sales_sale s SET household_id = f.household_id, member_id = f.member_id
    FROM found f WHERE s.id = f.id AND s.household_id IS NULL
    RETURNING s.id, s.household_id, s.store_id, s.total, s.sold_on, s.sold_at
), line AS (
    UPDATE sales_saleline l SET household_id = sale.household_id
    FROM sale WHERE l.sale_id = sale.id
), family AS (
    UPDATE people_household h SET last_sale_on = latest.sold_on
    FROM (
        SELECT f.id, n.sold_on
        FROM (SELECT household_id, max(sold_on) AS sold_on FROM sale GROUP BY household_id) n
        JOIN people_household f ON f.id = n.household_id
        ORDER BY f.id FOR NO KEY UPDATE OF f
    ) latest
    WHERE h.id = latest.id AND (h.last_sale_on IS NULL OR h.last_sale_on < latest.sold_on)
), told AS MATERIALIZED (
    SELECT sale.id, bool_and(l.quantity < 0) AS is_return,
           coalesce(array_agg(DISTINCT c.code) FILTER (WHERE c.code IS NOT NULL), '{}') AS all_of_it,
           coalesce(array_agg(DISTINCT c.code)
                    FILTER (WHERE c.code IS NOT NULL AND l.quantity > 0), '{}') AS taken_home
    FROM sale
    JOIN sales_saleline l ON l.sale_id = sale.id
    LEFT JOIN catalog_product p ON p.id = l.product_id
    LEFT JOIN catalog_category c ON c.id = p.category_id
    GROUP BY sale.id
), entry AS (
    INSERT INTO journal_entry (kind, at, household_id, store_id, body)
    SELECT 'sales.posted', %(now)s, sale.household_id, sale.store_id, jsonb_build_object(
        'household', sale.household_id, 'store', sale.store_id, 'sale', sale.id,
        'total', sale.total::float8, 'is_return', told.is_return,
        'categories', CASE WHEN told.is_return THEN told.all_of_it ELSE told.taken_home END,
        'is_first', NOT told.is_return AND h.last_sale_on IS NULL AND row_number() OVER (
            PARTITION BY h.id ORDER BY told.is_return, sale.sold_at, sale.id) = 1,
        'days_late', greatest(
            0, (%(now)s::timestamptz AT TIME ZONE store.time_zone)::date - sale.sold_on))
    FROM sale
    JOIN told ON told.id = sale.id
    JOIN people_household h ON h.id = sale.household_id
    JOIN people_store store ON store.id = sale.store_id
    ORDER BY sale.sold_at, sale.id
    RETURNING id
), task AS (
    INSERT INTO journal_task (entry_id, listener)
    SELECT entry.id, name FROM entry CROSS JOIN unnest(%(listeners)s::text[]) AS name
)
SELECT count(*) FROM sale
