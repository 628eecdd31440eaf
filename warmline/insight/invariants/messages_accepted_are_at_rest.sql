-- What a provider has accepted is never sent again: no try is later than the acceptance.
-- 中文：服务商已接收的消息不会再发：没有晚于接收时间的发送尝试。
SELECT m.id AS message, m.channel, m.accepted_at, a.id AS attempt, a.at
FROM contacts_message m
JOIN contacts_attempt a ON a.message_id = m.id AND a.at > m.accepted_at
WHERE m.status IN ('accepted', 'delivered')
