-- A share of what a day left without an answer, and of what it settled, drawn by chance. Again for the
-- same day it draws only what is still missing of the share.
WITH marked AS (
    SELECT e.id, e.case_id,
        CASE e.kind WHEN 'no_reply' THEN 'no_reply' WHEN 'said' THEN 'thanks' ELSE 'settled' END AS reason
    FROM desk_caseevent e
    JOIN desk_case c ON c.id = e.case_id AND c.merged_into_id IS NULL
    WHERE e.at >= %(since)s::timestamptz AND e.at < %(until)s::timestamptz
        AND CASE e.kind
            WHEN 'no_reply' THEN true
            WHEN 'said' THEN (e.body ->> 'is_thanks')::boolean
            -- The event that closed it, whichever stamp came last.
            ELSE c.state = 'settled' AND c.closed_at = e.at AND NOT EXISTS (
                SELECT FROM desk_caseevent l WHERE l.case_id = e.case_id AND l.seq > e.seq AND l.at = e.at
                    AND l.kind IN ('reviewed', 'feedback_answered', 'no_feedback', 'answered'))
        END
        AND e.kind IN ('no_reply', 'said', 'reviewed', 'feedback_answered', 'no_feedback', 'answered')
), lined_up AS (
    SELECT m.id, m.case_id, m.reason, s.id IS NOT NULL AS is_drawn,
        count(*) OVER w AS marks,
        count(s.id) OVER w AS drawn,
        row_number() OVER (PARTITION BY m.reason, s.id IS NULL ORDER BY random()) AS place
    FROM marked m
    LEFT JOIN desk_sample s ON s.event_id = m.id
    WINDOW w AS (PARTITION BY m.reason)
)
INSERT INTO desk_sample (case_id, event_id, reason, drawn_on, drawn_at, status, words)
SELECT case_id, id, reason, %(on)s::date, %(now)s::timestamptz, 'drawn', ''
FROM lined_up
WHERE NOT is_drawn AND place <= ceil(marks * CASE reason
    WHEN 'settled' THEN %(settled_percent)s::int ELSE %(sample_percent)s::int END / 100.0) - drawn
ON CONFLICT DO NOTHING
