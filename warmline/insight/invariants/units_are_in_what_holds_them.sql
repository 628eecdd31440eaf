-- A tin or case is in exactly what it was last put into and not taken out of.
-- 中文：一罐或一箱在哪里，就看它最后装进了什么、还没拆出来。
SELECT coalesce(u.unit_id, e.child_id) AS unit, u.parent_id AS unit_says, e.parent_id AS edge_says
FROM trace_unit u
FULL JOIN (SELECT child_id, parent_id FROM trace_edge WHERE sort = 1 AND t_to IS NULL) e
    ON e.child_id = u.unit_id
WHERE u.parent_id IS DISTINCT FROM e.parent_id
