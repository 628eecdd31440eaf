-- A case stands as its last event left it: its number, its clocks, and a deadline as long as it is open.
-- 中文：服务单的状态与最后一条经过一致；没办结的都有期限。
SELECT c.id, c.seq, e.seq AS last_event, c.state
FROM desk_case c
LEFT JOIN LATERAL (
    SELECT x.seq, x.body -> 'clocks' AS clocks FROM desk_caseevent x
    WHERE x.case_id = c.id ORDER BY x.seq DESC LIMIT 1
) e ON true
WHERE e.seq IS DISTINCT FROM c.seq
    OR (e.clocks ->> 'answer_by')::timestamptz IS DISTINCT FROM c.answer_by
    OR (e.clocks ->> 'promise_by')::timestamptz IS DISTINCT FROM c.promise_by
    OR (e.clocks ->> 'finish_by')::timestamptz IS DISTINCT FROM c.finish_by
    OR (c.closed_at IS NULL AND c.due_at IS NULL)
