-- Which messages that may have left does this worker ask about? They stay uncertain meanwhile.
UPDATE contacts_message SET owner_id = %(owner)s
WHERE id = ANY (ARRAY(
    SELECT id FROM contacts_message
    WHERE status = 'uncertain' AND run_at <= %(now)s AND owner_id IS NULL
    ORDER BY run_at, id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
))
RETURNING id
