-- How often did they knock within this while? An old while ends, and a new one begins with this knock.
INSERT INTO desk_tally (key, since, count) VALUES (%(key)s::text, %(now)s::timestamptz, 1)
ON CONFLICT (key) DO UPDATE SET
    since = CASE WHEN desk_tally.since > %(begin)s::timestamptz THEN desk_tally.since
        ELSE excluded.since END,
    count = CASE WHEN desk_tally.since > %(begin)s::timestamptz THEN desk_tally.count + 1
        ELSE 1 END
RETURNING count
