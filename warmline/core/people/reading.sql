-- Who read whose data in this answer.
INSERT INTO people_reading
    (at, staff_id, token_id, role, store_id, ip, request_id, purpose, households, fields)
VALUES (%(at)s, %(staff_id)s, %(token_id)s, %(role)s, %(store_id)s, %(ip)s::inet, %(request_id)s,
    %(purpose)s, %(households)s::bigint[], %(fields)s::varchar[])
