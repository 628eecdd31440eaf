-- The tables that grow without end: by the month of the event's id, or by the quarter of the unit's.
-- Keys begin with what a row is found and would be distributed by (docs/scale.md).
CREATE SEQUENCE trace_counter;
CREATE SEQUENCE trace_foreign;

CREATE TABLE trace_event (
    id bigint PRIMARY KEY,
    job_id bigint NOT NULL,
    event_time timestamptz NOT NULL,
    read_point integer,
    biz_location integer,
    biz_step smallint,
    disposition smallint,
    ordinal smallint NOT NULL,
    offset_min smallint NOT NULL,
    sort smallint NOT NULL,
    action smallint NOT NULL,
    facts jsonb
) PARTITION BY RANGE (id);
CREATE INDEX trace_event_time ON trace_event (event_time);
CREATE INDEX trace_event_location ON trace_event (biz_location, id);
CREATE INDEX trace_event_read_point ON trace_event (read_point, id);
CREATE INDEX trace_event_facts ON trace_event USING gin (facts jsonb_path_ops) WHERE facts IS NOT NULL;

CREATE TABLE trace_document (
    job_id bigint NOT NULL,
    chunk smallint NOT NULL,
    context jsonb,
    body bytea NOT NULL,
    PRIMARY KEY (job_id, chunk)
) PARTITION BY RANGE (job_id);

CREATE TABLE trace_kindevent (
    kind_id integer NOT NULL,
    event_id bigint NOT NULL,
    ordinal smallint NOT NULL,
    role smallint NOT NULL,
    event_time timestamptz NOT NULL,
    quantity double precision,
    uom varchar(10) NOT NULL,
    PRIMARY KEY (kind_id, event_id, ordinal)
) PARTITION BY RANGE (event_id);

CREATE TABLE trace_scan (
    unit_id bigint NOT NULL,
    id bigint NOT NULL,
    at timestamptz NOT NULL,
    staff_id bigint,
    place_id integer,
    actor smallint NOT NULL,
    verdict smallint NOT NULL,
    device bytea,
    city varchar(40) NOT NULL,
    PRIMARY KEY (unit_id, id)
) PARTITION BY RANGE (id);

CREATE TABLE trace_unitevent (
    unit_id bigint NOT NULL,
    event_time timestamptz NOT NULL,
    event_id bigint NOT NULL,
    place_id integer,
    party_id integer,
    biz_step smallint,
    disposition smallint,
    role smallint NOT NULL,
    action smallint NOT NULL,
    PRIMARY KEY (unit_id, event_time, event_id)
) PARTITION BY RANGE (unit_id);

CREATE TABLE trace_edge (
    child_id bigint NOT NULL,
    parent_id bigint NOT NULL,
    t_from timestamptz NOT NULL,
    t_to timestamptz,
    add_event bigint NOT NULL,
    del_event bigint,
    sort smallint NOT NULL,
    PRIMARY KEY (child_id, sort, t_from),
    CHECK (t_to IS NULL OR t_to >= t_from),
    CHECK (child_id <> parent_id)
) PARTITION BY RANGE (child_id);
CREATE INDEX trace_edge_parent ON trace_edge (parent_id, t_from);
CREATE UNIQUE INDEX trace_edge_open ON trace_edge (child_id, sort) WHERE t_to IS NULL;

CREATE TABLE trace_unit (
    unit_id bigint PRIMARY KEY,
    parent_id bigint,
    last_event_id bigint,
    state_time timestamptz NOT NULL,
    kind_id integer,
    lot_id integer,
    place_id integer,
    party_id integer,
    state smallint NOT NULL DEFAULT 0,
    disposition smallint,
    flags smallint NOT NULL DEFAULT 0,
    CONSTRAINT trace_unit_is_not_in_itself CHECK (parent_id IS NULL OR parent_id <> unit_id)
) PARTITION BY RANGE (unit_id);
CREATE INDEX trace_unit_parent ON trace_unit (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX trace_unit_lot ON trace_unit (lot_id, state) WHERE lot_id IS NOT NULL;

-- Room ahead: months of events and quarters of units. The shop's own role may call it and can make
-- no other table. What nobody foresaw goes to the rest partitions, and nothing is refused for it.
CREATE FUNCTION trace_open_partitions(first date, until date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent text;
    month date := date_trunc('month', first);
    quarter integer;
    low bigint;
    high bigint;
    rest_holds boolean;
    made integer := 0;
BEGIN
    WHILE month <= until LOOP
        low := (extract(epoch FROM month::timestamp) - extract(epoch FROM timestamp '2020-01-01'))::bigint * 1000 << 20;
        high := (extract(epoch FROM (month + interval '1 month'))
                 - extract(epoch FROM timestamp '2020-01-01'))::bigint * 1000 << 20;
        FOREACH parent IN ARRAY ARRAY['trace_event', 'trace_document', 'trace_kindevent', 'trace_scan'] LOOP
            CONTINUE WHEN to_regclass(format('%s_%s', parent, to_char(month, 'YYYYMM'))) IS NOT NULL;
            EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %s >= %s AND %s < %s)', parent || '_rest',
                CASE parent WHEN 'trace_document' THEN 'job_id' WHEN 'trace_kindevent' THEN 'event_id'
                     ELSE 'id' END, low,
                CASE parent WHEN 'trace_document' THEN 'job_id' WHEN 'trace_kindevent' THEN 'event_id'
                     ELSE 'id' END, high) INTO rest_holds;
            CONTINUE WHEN rest_holds;
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%s) TO (%s)',
                           parent || '_' || to_char(month, 'YYYYMM'), parent, low, high);
            made := made + 1;
        END LOOP;
        month := month + interval '1 month';
    END LOOP;
    FOR quarter IN (extract(year FROM first)::int - 2020) * 4 + (extract(month FROM first)::int - 1) / 3
                .. (extract(year FROM until)::int - 2020) * 4 + (extract(month FROM until)::int - 1) / 3 LOOP
        low := quarter::bigint << 53;
        high := (quarter + 1)::bigint << 53;
        FOREACH parent IN ARRAY ARRAY['trace_unitevent', 'trace_edge', 'trace_unit'] LOOP
            CONTINUE WHEN to_regclass(format('%s_q%s', parent, quarter)) IS NOT NULL;
            EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %s >= %s AND %s < %s)', parent || '_rest',
                CASE parent WHEN 'trace_edge' THEN 'child_id' ELSE 'unit_id' END, low,
                CASE parent WHEN 'trace_edge' THEN 'child_id' ELSE 'unit_id' END, high) INTO rest_holds;
            CONTINUE WHEN rest_holds;
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%s) TO (%s)',
                           parent || '_q' || quarter, parent, low, high);
            IF parent = 'trace_unit' THEN
                EXECUTE format('ALTER TABLE %I SET (fillfactor = 90)', parent || '_q' || quarter);
            END IF;
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END
$$;

CREATE TABLE trace_event_rest PARTITION OF trace_event DEFAULT;
CREATE TABLE trace_document_rest PARTITION OF trace_document DEFAULT;
CREATE TABLE trace_kindevent_rest PARTITION OF trace_kindevent DEFAULT;
CREATE TABLE trace_scan_rest PARTITION OF trace_scan DEFAULT;
CREATE TABLE trace_unitevent_rest PARTITION OF trace_unitevent DEFAULT;
CREATE TABLE trace_edge_rest PARTITION OF trace_edge DEFAULT;
CREATE TABLE trace_unit_rest PARTITION OF trace_unit DEFAULT;
SELECT trace_open_partitions((now() - interval '3 months')::date, (now() + interval '15 months')::date);
