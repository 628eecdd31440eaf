-- Which open cases must leave the hands they are in? Their owner has left, or is away until after the
-- deadline; a colleague never answered the offer; or nobody has touched it since it was given to her.
(
    SELECT c.id, CASE WHEN s.is_active THEN 'away' ELSE 'left' END AS because, c.seq
    FROM desk_case c
    JOIN people_staff s ON s.id = c.owner_id
    WHERE c.closed_at IS NULL
        AND (NOT s.is_active
            OR (s.away_until > %(now)s::timestamptz AND s.away_until > c.due_at))
    LIMIT %(limit)s::int
) UNION ALL (
    SELECT c.id, 'offer', c.seq
    FROM desk_case c
    JOIN LATERAL (
        SELECT e.at FROM desk_caseevent e
        WHERE e.case_id = c.id AND e.kind = 'offered'
        ORDER BY e.seq DESC LIMIT 1
    ) offer ON offer.at <= %(offered)s::timestamptz
    WHERE c.offered_to_id IS NOT NULL AND c.closed_at IS NULL
    LIMIT %(limit)s::int
) UNION ALL (
    SELECT c.id, 'untouched', c.seq
    FROM desk_case c
    JOIN people_staff s ON s.id = c.owner_id AND s.is_active
    JOIN desk_caseevent e ON e.case_id = c.id AND e.seq = c.seq
    JOIN people_store store ON store.id = c.store_id
    JOIN people_storeday d ON d.store_id = c.store_id
        AND d."on" = (%(now)s::timestamptz AT TIME ZONE store.time_zone)::date
    WHERE c.closed_at IS NULL AND c.answered_at IS NULL AND c.answer_by IS NOT NULL
        AND c.offered_to_id IS NULL
        AND e.kind IN ('opened', 'routed', 'said') AND c.opened_at <= %(untouched)s::timestamptz
        AND e.at <= %(untouched)s::timestamptz AND d.opens_at <= %(untouched)s::timestamptz
        AND d.closes_at > %(now)s::timestamptz
        AND EXISTS (
            SELECT FROM people_staff other
            WHERE other.store_id = c.store_id AND other.is_active AND other.id <> c.owner_id
        )
    LIMIT %(limit)s::int
)
