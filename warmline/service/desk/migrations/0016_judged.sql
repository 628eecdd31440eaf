-- What came in on one day, by the channels' own logs and by our numbers, and in which ways each of it was
-- missed: the night counts it, and head office opens it.
CREATE FUNCTION desk_judged(day date, at_present timestamptz, fed_before timestamptz) RETURNS TABLE (
    channel text, store_id bigint, case_id bigint, came_at timestamptz,
    unrecorded boolean, unowned boolean, unanswered boolean, unfed boolean
) LANGUAGE sql STABLE AS $$
WITH arrived AS (
    SELECT a.channel, a.key, a.store_id, a.case_id, a.id, a.opened, a.at
    FROM desk_arrival a WHERE a."on" = day
), asked AS (
    -- The event of each arrival and the answer that was due for it; words of thanks want none.
    SELECT a.channel, a.key, a.store_id, a.case_id, a.at, e.seq,
        CASE WHEN (e.body ->> 'is_thanks')::boolean THEN NULL
            ELSE (e.body #>> '{clocks,answer_by}')::timestamptz END AS answer_by
    FROM arrived a
    LEFT JOIN desk_caseevent e ON e.case_id = a.case_id
        AND ((a.opened AND e.seq = 1)
            OR (NOT a.opened AND e.kind = 'said' AND (e.body ->> 'arrival')::bigint = a.id))
), answered AS (
    SELECT asked.*, (
        SELECT min(e.at) FROM desk_caseevent e
        WHERE e.case_id = asked.case_id AND e.seq > asked.seq
            AND e.kind IN ('answered', 'finished', 'no_reply', 'merged')
    ) AS answered_at
    FROM asked
)
SELECT w.channel, w.store_id, w.case_id, w.at,
    false AS unrecorded,
    w.answer_by <= at_present AND c.owner_id IS NULL AND c.first_owner_id IS NULL
        AND c.answered_at IS NULL AND c.closed_at IS NULL AS unowned,
    w.answer_by <= at_present
        AND (w.answered_at IS NULL OR w.answered_at > w.answer_by) AS unanswered,
    c.reviewed_at <= fed_before AND c.fed_back_at IS NULL
        AND c.feedback_due = '{}'::jsonb AS unfed
FROM answered w
JOIN desk_case c ON c.id = w.case_id
UNION ALL
SELECT l.channel, l.store_id, NULL, l.at, true, false, false, false
FROM desk_channelline l
WHERE l."on" = day AND NOT EXISTS (
    SELECT FROM desk_arrival a WHERE a.channel = l.channel AND a.key = l.key
)
$$;
