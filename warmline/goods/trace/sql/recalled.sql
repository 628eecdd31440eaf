-- Which recall holds each of these tins? Of several it is the newest that is still at work: whoever
-- comes back with the tin is counted there, and not where the work is over.
WITH asked AS (
    SELECT * FROM unnest(%(units)s::bigint[], %(lots)s::bigint[]) AS u (unit, lot)
),
held AS (
    SELECT a.unit, s.recall_id
    FROM asked a
    JOIN trace_recallscope s ON s.lot_id = a.lot
    UNION ALL
    SELECT a.unit, s.recall_id
    FROM asked a
    JOIN trace_recallscope s ON a.unit BETWEEN s.first_unit AND s.last_unit
)
SELECT DISTINCT ON (h.unit) h.unit, h.recall_id
FROM held h
JOIN trace_recall r ON r.id = h.recall_id
WHERE r.status IN ('declared', 'closed') AND NOT r.is_drill
ORDER BY h.unit, r.status = 'declared' DESC, r.id DESC
