-- A message is tried by one worker at a time: no two tries of it have one number.
SELECT message_id AS message, number, count(*) AS attempts, array_agg(worker_id) AS workers
FROM contacts_attempt
GROUP BY message_id, number
HAVING count(*) > 1
