-- Of what a store was asked in this while: how much was answered by its sundown, how much finished in
-- its days? An answer is late, or not yet given, against the clock that was written when it was asked.
SELECT
    count(*) AS came,
    count(*) FILTER (WHERE c.answered_at <= asked.answer_by) AS in_time,
    count(*) FILTER (WHERE c.finished_at IS NOT NULL) AS ended,
    count(*) FILTER (WHERE c.finished_at <= c.finish_by) AS ended_in_time
FROM desk_case c
CROSS JOIN LATERAL (
    SELECT (e.body #>> '{clocks,answer_by}')::timestamptz AS answer_by
    FROM desk_caseevent e
    WHERE e.case_id = c.id AND e.seq = 1
) asked
WHERE c.store_id = %(store)s::bigint AND c.merged_into_id IS NULL
    AND c.opened_at >= %(begin)s::timestamptz AND c.opened_at < %(end)s::timestamptz
