-- A baby without its guardian's consent is frozen: nothing of it is written down.
SELECT c.id AS child, c.household_id
FROM people_child c
LEFT JOIN LATERAL (
    SELECT s.granted FROM people_consent s
    WHERE s.child_id = c.id AND s.purpose = 'record'
    ORDER BY s.id DESC LIMIT 1
) AS latest ON true
WHERE c.frozen_at IS NULL AND latest.granted IS NOT TRUE
