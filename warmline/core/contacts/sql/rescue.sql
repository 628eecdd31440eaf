-- The worker that held these is dead (its session lock was free). What it had begun to send may have
-- left: uncertain. What it had not begun is waiting again.
UPDATE contacts_message m SET
    status = CASE WHEN a.begun OR m.status = 'uncertain' THEN 'uncertain' ELSE 'queued' END,
    tries = CASE WHEN a.begun OR m.status = 'uncertain' THEN m.tries ELSE m.tries - 1 END,
    run_at = CASE WHEN a.begun THEN %(ask_at)s ELSE m.run_at END,
    owner_id = NULL
FROM (
    SELECT o.id, EXISTS (
        SELECT FROM contacts_attempt t
        WHERE t.message_id = o.id AND t.number = o.tries AND o.status = 'sending'
    ) AS begun
    FROM contacts_message o
    WHERE o.owner_id = %(owner)s AND o.status IN ('sending', 'uncertain')
) a
WHERE m.id = a.id AND m.owner_id = %(owner)s
