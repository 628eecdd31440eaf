-- One signal, and a to-do row for each listener that has yet to react.
WITH entry AS (
    INSERT INTO journal_entry (kind, at, by_id, household_id, store_id, body)
    VALUES (%(kind)s, %(at)s, %(by_id)s, %(household_id)s, %(store_id)s, %(body)s::jsonb)
    RETURNING id, recorded_at
), owed AS (
    INSERT INTO journal_task (entry_id, listener, is_alone)
    SELECT entry.id, owed.*
    FROM entry CROSS JOIN unnest(%(listeners)s::text[], %(alone)s::boolean[]) AS owed
)
SELECT id, recorded_at FROM entry
