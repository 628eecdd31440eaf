-- Something came in on this channel: one line for each, however often it is read.
INSERT INTO desk_channelline (channel, key, "on", at, store_id)
VALUES (%(channel)s::text, %(key)s::text, %(on)s::date, %(at)s::timestamptz, %(store)s::bigint)
ON CONFLICT (channel, key) DO NOTHING
