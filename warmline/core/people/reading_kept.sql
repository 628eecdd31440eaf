-- The answer that this key got, whose data it shows, and who read it now.
WITH kept AS (
    UPDATE base_idempotent SET status = %(status)s::int, content_type = %(content_type)s,
        answer = %(answer)s::bytea, shown = %(shown)s::jsonb
    WHERE id = %(id)s::bigint
)
INSERT INTO people_reading
    (at, staff_id, token_id, role, store_id, ip, request_id, purpose, households, fields)
VALUES (%(at)s, %(staff_id)s, %(token_id)s, %(role)s, %(store_id)s, %(ip)s::inet, %(request_id)s,
    %(purpose)s, %(households)s::bigint[], %(fields)s::varchar[])
