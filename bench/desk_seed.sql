-- So many cases with their first event and arrival, spread over a month: the last :open of them open.
INSERT INTO desk_case (kind_id, store_id, from_whom, name, gist, phone_last4, token, token_digest,
    channel, urgency, lot, supplier, opened_at, state, finish_days, queue, answer_by, finish_by,
    due_at, answered_at, finished_at, outcome, reviewed_at, fed_back_at, feedback_due, closed_at,
    seq, last_at, rung)
SELECT (SELECT min(id) FROM desk_casekind) + n %% 9, 1 + n %% (SELECT count(*) FROM people_store),
    'family', ''::bytea, ''::bytea, lpad((n %% 10000)::text, 4, '0'), ''::bytea,
    sha256(n::text::bytea), 'web', (n %% 997 = 0)::int, '', '', at,
    CASE WHEN is_open THEN 'open' ELSE 'settled' END, 3, 'store',
    CASE WHEN is_open THEN due END, at + interval '3 days', CASE WHEN is_open THEN due END,
    CASE WHEN NOT is_open THEN at END, CASE WHEN NOT is_open THEN at END,
    CASE WHEN is_open THEN '' ELSE 'explained' END, CASE WHEN NOT is_open THEN at END,
    CASE WHEN NOT is_open THEN at END, '{}', CASE WHEN NOT is_open THEN at END, 1, at, 0
FROM (
    SELECT n, n > %(closed)s::bigint AS is_open,
        CASE WHEN n > %(closed)s::bigint THEN now() - interval '3 hours' - n %% 3600 * interval '1 s'
            ELSE now() - interval '30 days' + n * interval '25 days' / %(closed)s::bigint END AS at,
        now() - interval '1 hour' + n %% 3600 * interval '1 s' * 2 AS due
    FROM generate_series(1, %(closed)s::bigint + %(open)s::bigint) AS n
) AS one
