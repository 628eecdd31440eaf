-- What came in on this day, by the channels' own logs and by our numbers, and what of it was missed?
-- A contact is missed once, in however many ways. An earlier reckoning of the day is written anew.
WITH arrived AS (
    SELECT a.channel, a.key, a.store_id, a.case_id, a.id, a.opened
    FROM desk_arrival a WHERE a."on" = %(on)s::date
), asked AS (
    -- The event of each arrival and the answer that was due for it; words of thanks want none.
    SELECT a.channel, a.key, a.store_id, a.case_id, e.seq,
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
), judged AS (
    SELECT w.channel, w.store_id,
        false AS unrecorded,
        w.answer_by <= %(now)s::timestamptz AND c.owner_id IS NULL AND c.first_owner_id IS NULL
            AND c.answered_at IS NULL AND c.closed_at IS NULL AS unowned,
        w.answer_by <= %(now)s::timestamptz
            AND (w.answered_at IS NULL OR w.answered_at > w.answer_by) AS unanswered,
        c.reviewed_at <= %(fed_before)s::timestamptz AND c.fed_back_at IS NULL
            AND c.feedback_due = '{}'::jsonb AS unfed
    FROM answered w
    JOIN desk_case c ON c.id = w.case_id
    UNION ALL
    SELECT l.channel, l.store_id, true, false, false, false
    FROM desk_channelline l
    WHERE l."on" = %(on)s::date AND NOT EXISTS (
        SELECT FROM desk_arrival a WHERE a.channel = l.channel AND a.key = l.key
    )
), gaps AS (
    SELECT n.channel, n.last - (SELECT count(*) FROM arrived a WHERE a.channel = n.channel) AS gaps
    FROM desk_numbering n WHERE n."on" = %(on)s::date
), counted AS (
    SELECT channel, store_id, count(*) AS came,
        count(*) FILTER (WHERE unrecorded) AS unrecorded,
        count(*) FILTER (WHERE unowned) AS unowned,
        count(*) FILTER (WHERE unanswered) AS unanswered,
        count(*) FILTER (WHERE unfed) AS unfed,
        count(*) FILTER (WHERE unrecorded OR unowned OR unanswered OR unfed) AS omitted,
        row_number() OVER (PARTITION BY channel ORDER BY store_id) AS place
    FROM judged
    GROUP BY channel, store_id
)
INSERT INTO desk_reckoning ("on", channel, store_id, came, unrecorded, unowned, unanswered, unfed,
    omitted, gaps, made_at)
SELECT %(on)s::date, c.channel, c.store_id, c.came, c.unrecorded, c.unowned, c.unanswered, c.unfed,
    c.omitted, CASE WHEN c.place = 1 THEN greatest(coalesce(g.gaps, 0), 0) ELSE 0 END,
    %(now)s::timestamptz
FROM counted c LEFT JOIN gaps g ON g.channel = c.channel
ON CONFLICT ("on", channel, store_id) DO UPDATE SET
    came = excluded.came, unrecorded = excluded.unrecorded, unowned = excluded.unowned,
    unanswered = excluded.unanswered, unfed = excluded.unfed, omitted = excluded.omitted,
    gaps = excluded.gaps, made_at = excluded.made_at
RETURNING came, omitted, gaps
