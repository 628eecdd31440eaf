-- The answer that this key got, and whose data it shows.
UPDATE base_idempotent SET status = %(status)s::int, content_type = %(content_type)s,
    answer = %(answer)s::bytea, shown = %(shown)s::jsonb
WHERE id = %(id)s::bigint
