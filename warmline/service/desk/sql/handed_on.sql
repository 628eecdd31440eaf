-- Another system hands on a contact. Does its token still hold, which store and which kind of matter are
-- meant? If all of that stands, the channel's own line is written, whatever becomes of it afterwards.
-- A line in a transaction of its own needs no flush of its own: whoever is told that we have the contact
-- has waited for a later one.
WITH named AS (
    SELECT
        set_config('synchronous_commit', CASE WHEN %(is_own)s::boolean THEN 'off'
            ELSE current_setting('synchronous_commit') END, true) AS flushes,
        EXISTS (
            SELECT FROM people_token WHERE id = %(token)s::bigint AND revoked_at IS NULL
        ) AS holds,
        store.id AS store_id,
        row_to_json(store) AS store,
        %(store)s::text = '' OR store.id IS NOT NULL AS is_store,
        %(kind)s::text = '' OR EXISTS (
            SELECT FROM desk_casekind
            WHERE is_on AND NOT is_internal AND code = %(kind)s::text
        ) AS is_kind
    FROM (SELECT) one
    LEFT JOIN LATERAL (
        (SELECT s.* FROM people_store s
         WHERE s.code = %(store)s::text AND s.is_open
            AND (%(only)s::bigint IS NULL OR s.id = %(only)s::bigint))
        UNION ALL
        (SELECT s.* FROM people_store s WHERE %(store)s::text = '' AND s.id = %(only)s::bigint)
    ) store ON true
), noted AS (
    INSERT INTO desk_channelline (channel, key, "on", at, store_id)
    SELECT %(channel)s::text, %(key)s::text, %(on)s::date, %(at)s::timestamptz, store_id
    FROM named WHERE holds AND is_store AND is_kind AND %(key)s::text IS NOT NULL
    ON CONFLICT (channel, key) DO NOTHING
)
SELECT holds, is_store, is_kind, store, flushes FROM named
