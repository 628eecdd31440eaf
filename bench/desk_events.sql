-- The first event of each case that has none, with the clocks as they stood; and of every closed case its
-- answer, which came in time but for one in fifty.
WITH opened AS (
    INSERT INTO desk_caseevent (case_id, seq, kind, at, words, is_shown, body)
    SELECT id, 1, 'opened', opened_at, ''::bytea, true, jsonb_build_object('clocks', jsonb_build_object(
        'answer_by', to_jsonb(opened_at + interval '4 hours'), 'finish_by', to_jsonb(finish_by)))
    FROM desk_case
)
INSERT INTO desk_caseevent (case_id, seq, kind, at, words, is_shown, body)
SELECT id, 2, 'answered', opened_at + CASE WHEN id % 50 = 0 THEN interval '5 hours' ELSE interval '1 hour' END,
    ''::bytea, true, '{"clocks": {}}'
FROM desk_case WHERE closed_at IS NOT NULL
