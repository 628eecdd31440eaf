-- The row of a key that nobody used yet is ours to fill in. A twin that comes meanwhile waits here.
INSERT INTO base_idempotent (scope, key, fingerprint, answer, content_type)
VALUES (%(scope)s, %(key)s, %(fingerprint)s, '', 'application/json')
ON CONFLICT (scope, key) DO NOTHING
RETURNING id
