-- Every row that cannot come in, and why: its own fault, its receipt's, or that of a row beside it.
SELECT l.no, l.fault, CASE WHEN l.reason IS NOT NULL THEN l.field WHEN h.reason IS NOT NULL
                           OR h.state = 'changed' THEN 'document_no' END,
       coalesce(l.reason, h.reason,
                CASE h.state WHEN 'changed' THEN %(changed)s ELSE %(companion)s END),
       coalesce(l.facts, json_build_object('row', h.bad_row)::jsonb),
       CASE WHEN l.reason IS NOT NULL THEN l.cell WHEN h.bad_row IS NULL THEN h.document_no END
FROM intake_saleline l
LEFT JOIN intake_salehead h ON h.import_id = %(import)s AND h.sale_id = l.sale_id
WHERE l.import_id = %(import)s AND (l.reason IS NOT NULL OR h.state IN ('bad', 'changed'))
ORDER BY l.no
