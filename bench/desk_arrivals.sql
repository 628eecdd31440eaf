-- One arrival and one line of its channel for each of the newest cases, all on one day.
WITH picked AS (
    SELECT id, store_id, row_number() OVER (ORDER BY id) AS number
    FROM desk_case ORDER BY id LIMIT %(count)s::bigint
), lines AS (
    INSERT INTO desk_channelline (channel, key, "on", at, store_id)
    SELECT 'web', 'k' || number, %(on)s::date, now(), store_id FROM picked
), numbered AS (
    INSERT INTO desk_numbering (channel, "on", last) VALUES ('web', %(on)s::date, %(count)s::bigint)
)
INSERT INTO desk_arrival (channel, "on", number, key, case_id, store_id, from_whom, name, phone,
    email, wecom_id, subject, words, opened, at, recorded_at)
SELECT 'web', %(on)s::date, number, 'k' || number, id, store_id, 'family', ''::bytea, ''::bytea,
    ''::bytea, '', ''::bytea, ''::bytea, true, now(), now()
FROM picked
