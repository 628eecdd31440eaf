-- It may have left and the provider cannot say, or says no: send it once more, with the same key.
UPDATE contacts_message SET status = 'sending', tries = tries + 1, repeated = true
WHERE id = %(id)s AND status = 'uncertain' AND owner_id = %(owner)s
RETURNING id
