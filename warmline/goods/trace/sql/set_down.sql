-- Things that came out of their case: their own place from now on, unless a later word is known.
UPDATE trace_unit u SET place_id = coalesce(s.place_id, u.place_id), party_id = coalesce(s.party_id, u.party_id),
       state_time = s.at
FROM unnest(%(units)s::bigint[], %(at)s::timestamptz[], %(place)s::int[], %(party)s::int[])
    AS s (unit_id, at, place_id, party_id)
WHERE u.unit_id = s.unit_id AND u.state_time <= s.at
