-- Which open cases go one rung up the ladder now? Before the deadline their owner is reminded; at the
-- deadline, and with nobody to remind, the manager hears of it; each next rung waits for a while.
-- Only while their store is open today (its hours as laid out, else nine to six) and not at lunch. The due ones come
-- first; rows that somebody is working on are passed over and come again in a second. With each goes
-- its event, and its line in the journal with what is owed to those who listen.
WITH due AS (
    SELECT c.id, greatest(c.rung + 1, CASE WHEN c.due_at <= %(now)s::timestamptz THEN 2 ELSE 1 END,
        CASE WHEN c.owner_id IS NULL THEN 2 ELSE 1 END) AS rung
    FROM desk_case c
    JOIN people_store s ON s.id = c.store_id
    LEFT JOIN people_storeday d
        ON d.store_id = s.id AND d."on" = (%(now)s::timestamptz AT TIME ZONE s.time_zone)::date
    WHERE c.closed_at IS NULL
        AND c.rung < 4
        AND c.due_at >= %(after)s::timestamptz
        AND c.due_at <= %(warned)s::timestamptz
        AND c.due_at <= CASE WHEN c.rung = 0 AND c.owner_id IS NOT NULL
            THEN %(warned)s::timestamptz ELSE %(now)s::timestamptz END
        AND (c.rung < 2 OR c.escalated_at <= %(stood)s::timestamptz)
        AND c.store_id <> ALL (%(at_rest)s::bigint[])
        AND CASE WHEN d.id IS NULL
            THEN (%(now)s::timestamptz AT TIME ZONE s.time_zone)::time BETWEEN '09:00' AND '18:00'
            ELSE d.opens_at <= %(now)s::timestamptz AND d.closes_at > %(now)s::timestamptz END
    ORDER BY c.due_at
    LIMIT %(limit)s::int
    FOR UPDATE OF c SKIP LOCKED
), risen AS (
    UPDATE desk_case c SET
        rung = due.rung,
        escalated_at = %(now)s::timestamptz,
        seq = c.seq + 1,
        last_at = greatest(c.last_at, %(now)s::timestamptz)
    FROM due
    WHERE c.id = due.id
    RETURNING c.*
), told AS (
    INSERT INTO desk_caseevent (case_id, seq, kind, at, by_id, words, is_shown, body)
    SELECT id, seq, 'escalated', last_at, NULL, ''::bytea, false, jsonb_build_object(
        'rung', rung, 'due_at', to_jsonb(due_at), 'clocks', jsonb_strip_nulls(jsonb_build_object(
            'answer_by', to_jsonb(answer_by), 'promise_by', to_jsonb(promise_by),
            'finish_by', to_jsonb(finish_by))))
    FROM risen
    RETURNING id, case_id
), rows AS (
    SELECT nextval('journal_entry_id_seq') AS entry, risen.household_id, risen.store_id,
        risen.due_at, jsonb_build_object(
            'household', risen.household_id, 'store', risen.store_id, 'case', risen.id,
            'level', (%(rungs)s::text[])[risen.rung], 'event', told.id) AS body
    FROM risen JOIN told ON told.case_id = risen.id
), written AS (
    INSERT INTO journal_entry (id, kind, at, household_id, store_id, body)
    SELECT entry, %(kind)s::text, %(now)s::timestamptz, household_id, store_id, body FROM rows
), owed AS (
    INSERT INTO journal_task (entry_id, listener, is_alone)
    SELECT rows.entry, l.listener, l.is_alone
    FROM rows CROSS JOIN unnest(%(listeners)s::text[], %(alone)s::boolean[]) AS l (listener, is_alone)
)
SELECT count(*), max(due_at) FROM rows
