-- Into what these were put, since when and until when.
SELECT child_id, parent_id, t_from, t_to FROM trace_edge WHERE child_id = ANY(%(units)s::bigint[])
