CREATE FUNCTION trace_field_compares(facts jsonb, family text, name text, sign text, other text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(bool_or(
        CASE WHEN v ~ '^[+-]?[0-9]{1,30}(\.[0-9]{1,30})?$' AND other ~ '^[+-]?[0-9]{1,30}(\.[0-9]{1,30})?$'
             THEN CASE sign WHEN '>' THEN v::numeric > other::numeric
                            WHEN '>=' THEN v::numeric >= other::numeric
                            WHEN '<' THEN v::numeric < other::numeric
                            ELSE v::numeric <= other::numeric END
             ELSE CASE sign WHEN '>' THEN v > other COLLATE "C" WHEN '>=' THEN v >= other COLLATE "C"
                            WHEN '<' THEN v < other COLLATE "C" ELSE v <= other COLLATE "C" END
        END), false)
    FROM jsonb_array_elements_text(
        CASE jsonb_typeof(facts -> family -> name) WHEN 'array' THEN facts -> family -> name ELSE '[]' END
    ) AS v
$$
