-- The shortcut to today's parent, for the units whose edges changed.
UPDATE trace_unit u SET parent_id = open.parent_id
FROM (
    SELECT t.unit_id, e.parent_id
    FROM unnest(%(units)s::bigint[]) AS t (unit_id)
    LEFT JOIN trace_edge e ON e.child_id = t.unit_id AND e.sort = 1 AND e.t_to IS NULL
) open
WHERE u.unit_id = open.unit_id AND u.parent_id IS DISTINCT FROM open.parent_id
