-- Names of events that nobody used before; whoever uses the same one meanwhile waits, and loses.
INSERT INTO trace_eventkey (hash, event_id)
SELECT * FROM unnest(%(hashes)s::uuid[], %(ids)s::bigint[])
ON CONFLICT DO NOTHING
RETURNING event_id
