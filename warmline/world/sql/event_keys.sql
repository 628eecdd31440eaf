-- The names of the events of these documents, by their hashes, as capture notes them.
INSERT INTO trace_eventkey (hash, event_id)
SELECT encode(substr(sha256(convert_to('urn:warmline:' || id, 'UTF8')), 1, 16), 'hex')::uuid, id
FROM trace_event
WHERE job_id = ANY(%(jobs)s::bigint[])
ORDER BY 1
