-- What came in on this day, by the channels' own logs and by our numbers, and what of it was missed?
-- A contact is missed once, in however many ways. An earlier reckoning of the day is written anew.
WITH judged AS (
    SELECT * FROM desk_judged(%(on)s::date, %(now)s::timestamptz, %(fed_before)s::timestamptz)
), gaps AS (
    SELECT n.channel, n.last - (SELECT count(*) FROM desk_arrival a
        WHERE a."on" = n."on" AND a.channel = n.channel) AS gaps
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
