-- The first event of each case that has none, with the clocks as they stood.
INSERT INTO desk_caseevent (case_id, seq, kind, at, words, is_shown, body)
SELECT id, 1, 'opened', opened_at, ''::bytea, true, jsonb_build_object('clocks', jsonb_build_object(
    'answer_by', to_jsonb(opened_at + interval '4 hours'), 'finish_by', to_jsonb(finish_by)))
FROM desk_case
