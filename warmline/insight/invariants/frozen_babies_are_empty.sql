-- Of a frozen baby nothing is kept: no name, no birthday, no due date, no day to remember.
SELECT c.id AS child, c.household_id
FROM people_child c
WHERE c.frozen_at IS NOT NULL
  AND (length(c.name) > 0 OR c.born_on IS NOT NULL OR c.due_on IS NOT NULL
       OR EXISTS (SELECT FROM people_importantdate d WHERE d.child_id = c.id))
