-- Units as this document leaves them, each locked in one order. A late event is written down and
-- turns nothing back: state and place are those of the latest instant. Seen (0) keeps the state.
INSERT INTO trace_unit AS u (unit_id, last_event_id, state_time, kind_id, lot_id, place_id, party_id,
                             state, disposition, flags)
SELECT * FROM unnest(
    %(unit_id)s::bigint[], %(last_event_id)s::bigint[], %(state_time)s::timestamptz[],
    %(kind_id)s::int[], %(lot_id)s::int[], %(place_id)s::int[], %(party_id)s::int[],
    %(state)s::smallint[], %(disposition)s::smallint[], %(flags)s::smallint[]
) AS s (unit_id, last_event_id, state_time, kind_id, lot_id, place_id, party_id, state, disposition, flags)
ORDER BY unit_id
ON CONFLICT (unit_id) DO UPDATE SET
    kind_id = coalesce(u.kind_id, excluded.kind_id),
    lot_id = coalesce(u.lot_id, excluded.lot_id),
    last_event_id = CASE WHEN excluded.state_time >= u.state_time
        THEN excluded.last_event_id ELSE u.last_event_id END,
    place_id = CASE WHEN excluded.state_time >= u.state_time
        THEN coalesce(excluded.place_id, u.place_id) ELSE coalesce(u.place_id, excluded.place_id) END,
    party_id = CASE WHEN excluded.state_time >= u.state_time
        THEN coalesce(excluded.party_id, u.party_id) ELSE coalesce(u.party_id, excluded.party_id) END,
    disposition = CASE WHEN excluded.state_time >= u.state_time
        THEN coalesce(excluded.disposition, u.disposition)
        ELSE coalesce(u.disposition, excluded.disposition) END,
    state = CASE WHEN excluded.state <> 0 AND (u.state = 0 OR excluded.state_time >= u.state_time)
        THEN excluded.state ELSE u.state END,
    flags = CASE WHEN excluded.flags = 0 THEN u.flags
        WHEN excluded.flags > 0 THEN u.flags | excluded.flags ELSE u.flags & ~(-excluded.flags) END,
    state_time = greatest(u.state_time, excluded.state_time)
