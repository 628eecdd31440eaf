-- A baby without its guardian's consent is frozen: nothing of it is written down.
-- 中文：没有监护人同意的宝宝档案是冻结的：什么都不记。
SELECT c.id AS child, c.household_id
FROM people_child c
LEFT JOIN LATERAL (
    SELECT s.granted FROM people_consent s
    WHERE s.child_id = c.id AND s.purpose = 'record'
    ORDER BY s.id DESC LIMIT 1
) AS latest ON true
WHERE c.frozen_at IS NULL AND latest.granted IS NOT TRUE
