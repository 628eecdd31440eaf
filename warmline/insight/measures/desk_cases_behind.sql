-- Which cases stand behind one figure of the rates? The newest first.
SELECT id
FROM insight_desk_cases(%(now)s::timestamptz)
WHERE opened_at >= %(since)s::timestamptz AND opened_at < %(until)s::timestamptz
    AND (%(level)s::text = '' OR CASE %(level)s::text WHEN 'region' THEN region_id
        WHEN 'guide' THEN guide_id ELSE store_id END IS NOT DISTINCT FROM %(of)s::bigint)
    AND CASE %(figure)s::text
        WHEN 'came' THEN true
        WHEN 'complaints' THEN is_complaint
        WHEN 'late' THEN NOT answered_in_time
        WHEN 'answered_in_time' THEN answered_in_time
        WHEN 'unfinished' THEN NOT finished_in_time
        WHEN 'finished_in_time' THEN finished_in_time
        WHEN 'solved_at_once' THEN solved_at_once
        WHEN 'reopened' THEN reopened
        WHEN 'rated' THEN score IS NOT NULL
        WHEN 'dissatisfied' THEN dissatisfied
        WHEN 'cause' THEN cause_id IN (
            SELECT id FROM desk_cause WHERE id = %(cause)s::bigint OR parent_id = %(cause)s::bigint)
        WHEN 'no_cause' THEN cause_id IS NULL
        ELSE false END
ORDER BY opened_at DESC
LIMIT %(limit)s::int
