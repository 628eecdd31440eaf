-- One arrival and one line of its channel for each of the oldest cases, all on one day, by every channel.
WITH picked AS (
    SELECT id, store_id, n, (ARRAY['web', 'phone', 'api', 'sms', 'wecom'])[1 + n %% 5] AS channel,
        1 + n / 5 AS number
    FROM (
        SELECT id, store_id, row_number() OVER (ORDER BY id) - 1 AS n
        FROM desk_case ORDER BY id LIMIT %(count)s::bigint
    ) AS oldest
), lines AS (
    INSERT INTO desk_channelline (channel, key, "on", at, store_id)
    SELECT channel, 'k' || n, %(on)s::date, now(), store_id FROM picked
), numbered AS (
    INSERT INTO desk_numbering (channel, "on", last)
    SELECT channel, %(on)s::date, max(number) FROM picked GROUP BY channel
)
INSERT INTO desk_arrival (channel, "on", number, key, case_id, store_id, from_whom, name, phone,
    email, wecom_id, subject, words, opened, at, recorded_at)
SELECT channel, %(on)s::date, number, 'k' || n, id, store_id, 'family', ''::bytea, ''::bytea,
    ''::bytea, '', ''::bytea, ''::bytea, true, now(), now()
FROM picked
