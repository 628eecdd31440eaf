-- Which messages does this worker send next? Oldest first; rows that others hold are passed over.
-- The array is read once; behind IN the limit would be counted anew for each row that is looked at.
WITH mine AS (
    UPDATE contacts_message SET status = 'sending', owner_id = %(owner)s, tries = tries + 1
    WHERE id = ANY (ARRAY(
        SELECT id FROM contacts_message
        WHERE status = 'queued' AND run_at <= %(now)s
        ORDER BY run_at, id
        LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    ))
    RETURNING id, household_id, purpose, run_at
)
SELECT m.id, s.time_zone,
    m.household_id IS NULL OR m.purpose IN ('recall', 'logistics') OR coalesce((
        SELECT granted FROM people_consent
        WHERE household_id = m.household_id AND child_id IS NULL AND purpose = m.purpose
        ORDER BY id DESC
        LIMIT 1
    ), m.purpose = 'service')
FROM mine m
LEFT JOIN people_household h ON h.id = m.household_id
LEFT JOIN people_store s ON s.id = h.store_id
ORDER BY m.run_at, m.id
