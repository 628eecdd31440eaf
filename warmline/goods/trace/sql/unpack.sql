-- Edges that end, as computed under the lock of their children.
UPDATE trace_edge e SET t_to = s.t_to, del_event = s.del_event
FROM unnest(%(child)s::bigint[], %(sort)s::smallint[], %(t_from)s::timestamptz[], %(t_to)s::timestamptz[],
            %(event)s::bigint[]) AS s (child_id, sort, t_from, t_to, del_event)
WHERE e.child_id = s.child_id AND e.sort = s.sort AND e.t_from = s.t_from
