-- A new case, whole: its row, its first event, what its family is owed, the journal with a to-do row for
-- each who listens; and, if something came in, the arrival with the next number of its channel and day.
-- That row of numbers is taken last and stays locked until the commit: a number that is rolled back is
-- given again, so there is never a gap.
WITH opened AS (
    INSERT INTO desk_case (
        id, kind_id, store_id, household_id, member_id, from_whom, name, gist, phone_bi, phone_last4,
        token, token_digest, channel, urgency, lot, supplier, opened_at, first_owner_id, state,
        finish_days, owner_id, queue, answer_by, finish_by, due_at, outcome, feedback_due, seq,
        last_at, rung
    )
    SELECT
        id, kind_id, store_id, household_id, member_id, from_whom, name, gist, phone_bi, phone_last4,
        token, token_digest, channel, urgency, lot, supplier, opened_at, first_owner_id, state,
        finish_days, owner_id, queue, answer_by, finish_by, due_at, outcome, feedback_due, seq,
        last_at, rung
    FROM json_populate_record(NULL::desk_case, %(case)s::json)
    RETURNING id
), happened AS (
    INSERT INTO desk_caseevent (case_id, seq, kind, at, by_id, words, is_shown, body)
    SELECT case_id, seq, kind, at, by_id, words, is_shown, body
    FROM json_populate_record(NULL::desk_caseevent, %(event)s::json)
), owed AS (
    INSERT INTO promises_promise (
        kind, key, household_id, member_id, store_id, keeper_id, purpose, channel, words, why, weight,
        made_at, shows_at, due_at, status, waived_for, tries
    )
    SELECT
        kind, key, household_id, member_id, store_id, keeper_id, purpose, channel, words, why, weight,
        made_at, shows_at, due_at, status, waived_for, tries
    FROM json_populate_recordset(NULL::promises_promise, %(promises)s::json)
), entry AS (
    INSERT INTO journal_entry (kind, at, by_id, household_id, store_id, body)
    SELECT kind, at, by_id, household_id, store_id, body
    FROM json_populate_record(NULL::journal_entry, %(entry)s::json)
    RETURNING id
), task AS (
    INSERT INTO journal_task (entry_id, listener, is_alone)
    SELECT entry.id, l.listener, l.is_alone
    FROM entry
    CROSS JOIN unnest(%(listeners)s::text[], %(alone)s::boolean[]) AS l (listener, is_alone)
), complained AS (
    -- a family that is not content is remembered: it moves up on every list for a month
    UPDATE people_household SET complained_at = %(now)s::timestamptz
    WHERE id = %(complained)s::bigint
), arrived AS (
    SELECT a.*
    FROM json_populate_record(NULL::desk_arrival, %(arrival)s::json) a
    JOIN opened ON true
    JOIN entry ON true
), numbered AS (
    INSERT INTO desk_numbering (channel, "on", last)
    SELECT channel, "on", 1 FROM arrived WHERE key IS NOT NULL
    ON CONFLICT (channel, "on") DO UPDATE SET last = desk_numbering.last + 1
    RETURNING last
)
INSERT INTO desk_arrival (
    channel, "on", number, key, case_id, store_id, household_id, member_id, from_whom, name, phone,
    email, wecom_id, subject, words, opened, logged_by_id, at, recorded_at
)
SELECT
    a.channel, a."on", numbered.last, a.key, a.case_id, a.store_id, a.household_id, a.member_id,
    a.from_whom, a.name, a.phone, a.email, a.wecom_id, a.subject, a.words, a.opened, a.logged_by_id,
    a.at, a.recorded_at
FROM arrived a
CROSS JOIN numbered
RETURNING id, number
