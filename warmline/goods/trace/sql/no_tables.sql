DROP TABLE trace_event, trace_document, trace_kindevent, trace_scan, trace_unitevent, trace_edge, trace_unit;
DROP FUNCTION trace_open_partitions(date, date);
DROP SEQUENCE trace_counter, trace_foreign;
