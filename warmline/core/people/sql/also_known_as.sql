-- Under which numbers does the journal know this family? Its own, and those that were merged into it.
WITH RECURSIVE known AS (
    SELECT %(household)s::bigint AS id
    UNION
    SELECT merged.id FROM people_household AS merged JOIN known ON merged.merged_into_id = known.id
)
SELECT id FROM known ORDER BY id
