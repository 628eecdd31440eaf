-- Before the provider is called: write down that we try, for those that are still ours to send.
INSERT INTO contacts_attempt (message_id, number, at, worker_id)
SELECT id, tries, %(now)s, %(owner)s FROM contacts_message
WHERE id = ANY (%(ids)s) AND status = 'sending' AND owner_id = %(owner)s
RETURNING message_id
