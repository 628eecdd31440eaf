-- What nobody asked of us is no matter of the rates.
-- What became of each case, as the rates count it; the families' and the colleagues' names stay away.
-- In time is against the clock that was written then; what is neither done nor due yet is NULL.
CREATE OR REPLACE FUNCTION insight_desk_cases(at_present timestamptz) RETURNS TABLE (
    id bigint, store_id bigint, region_id bigint, guide_id bigint, kind_id bigint, cause_id bigint,
    product_id bigint, lot text, supplier text, opened_at timestamptz, household_id bigint,
    is_complaint boolean, answered_in_time boolean, finished_in_time boolean,
    solved_at_once boolean, reopened boolean, score int, dissatisfied boolean
) LANGUAGE sql STABLE AS $$
SELECT c.id, c.store_id, s.region_id, coalesce(c.owner_id, c.first_owner_id) AS guide_id,
    c.kind_id, c.cause_id, c.product_id, c.lot, c.supplier, c.opened_at, c.household_id,
    k.is_complaint,
    CASE WHEN c.answered_at IS NOT NULL THEN c.answered_at <= asked.answer_by
        WHEN asked.answer_by < at_present THEN false END AS answered_in_time,
    CASE WHEN c.finished_at IS NOT NULL THEN c.finished_at <= c.finish_by
        WHEN c.closed_at IS NULL AND c.paused_at IS NULL AND c.finish_by < at_present THEN false
        END AS finished_in_time,
    c.finished_at IS NOT NULL AND c.finished_at = c.answered_at AS solved_at_once,
    later.reopened,
    later.score,
    later.score <= 2 AS dissatisfied
FROM desk_case c
JOIN people_store s ON s.id = c.store_id
JOIN desk_casekind k ON k.id = c.kind_id
CROSS JOIN LATERAL (
    SELECT (e.body #>> '{clocks,answer_by}')::timestamptz AS answer_by
    FROM desk_caseevent e WHERE e.case_id = c.id AND e.seq = 1
) asked
CROSS JOIN LATERAL (
    SELECT coalesce(bool_or(e.kind = 'reopened'), false) AS reopened,
        (array_agg((e.body ->> 'score')::int ORDER BY e.seq DESC)
            FILTER (WHERE e.kind = 'rated'))[1] AS score
    FROM desk_caseevent e WHERE e.case_id = c.id
) later
WHERE c.merged_into_id IS NULL AND NOT k.is_internal
$$;
