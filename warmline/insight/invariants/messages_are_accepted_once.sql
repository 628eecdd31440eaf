-- A message is tried by one worker at a time: no two tries of it have one number.
-- 中文：一条消息同一时间只由一个进程发送：没有编号相同的两次尝试。
SELECT message_id AS message, number, count(*) AS attempts, array_agg(worker_id) AS workers
FROM contacts_attempt
GROUP BY message_id, number
HAVING count(*) > 1
