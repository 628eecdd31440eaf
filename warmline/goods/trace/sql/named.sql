-- What happened to these, the earliest first.
SELECT unit_id, event_time, event_id, place_id, party_id, biz_step, disposition, role
FROM trace_unitevent WHERE unit_id = ANY(%(units)s::bigint[]) ORDER BY event_time
