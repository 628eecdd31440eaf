-- Does the token still hold, and which store and which kind of matter are meant?
SELECT
    EXISTS (SELECT FROM people_token WHERE id = %(token)s::bigint AND revoked_at IS NULL),
    (SELECT row_to_json(s) FROM people_store s WHERE s.is_open AND s.code = %(store)s),
    (SELECT row_to_json(s) FROM people_store s WHERE s.id = %(own)s::bigint),
    EXISTS (SELECT FROM desk_casekind WHERE is_on AND NOT is_internal AND code = %(kind)s)
