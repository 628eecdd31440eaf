-- Of a frozen baby nothing is kept: no name, no birthday, no due date, no day to remember.
-- 中文：冻结的宝宝档案是空的：没有名字、生日、预产期，也没有纪念日。
SELECT c.id AS child, c.household_id
FROM people_child c
WHERE c.frozen_at IS NOT NULL
  AND (length(c.name) > 0 OR c.born_on IS NOT NULL OR c.due_on IS NOT NULL
       OR EXISTS (SELECT FROM people_importantdate d WHERE d.child_id = c.id))
