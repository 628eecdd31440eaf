-- Phones, e-mail, babies' names, notes and texts are cipher text: the header's first byte is 1.
-- 中文：手机号、邮箱、宝宝名字、备注和消息正文都是密文：首字节为 1。
SELECT place, id
FROM (
    SELECT 'people_member.phone' AS place, id, phone AS sealed FROM people_member
    UNION ALL SELECT 'people_member.email', id, email FROM people_member
    UNION ALL SELECT 'people_child.name', id, name FROM people_child
    UNION ALL SELECT 'people_memorynote.text', id, text FROM people_memorynote
    UNION ALL SELECT 'contacts_contact.note', id, note FROM contacts_contact
    UNION ALL SELECT 'contacts_message.to', id, "to" FROM contacts_message
    UNION ALL SELECT 'contacts_message.text', id, text FROM contacts_message
    UNION ALL SELECT 'desk_case.name', id, name FROM desk_case
    UNION ALL SELECT 'desk_case.gist', id, gist FROM desk_case
    UNION ALL SELECT 'desk_case.token', id, token FROM desk_case
    UNION ALL SELECT 'desk_arrival.name', id, name FROM desk_arrival
    UNION ALL SELECT 'desk_arrival.phone', id, phone FROM desk_arrival
    UNION ALL SELECT 'desk_arrival.email', id, email FROM desk_arrival
    UNION ALL SELECT 'desk_arrival.subject', id, subject FROM desk_arrival
    UNION ALL SELECT 'desk_arrival.words', id, words FROM desk_arrival
    UNION ALL SELECT 'desk_photo.sealed', id, sealed FROM desk_photo
    UNION ALL SELECT 'desk_remedy.why', id, why FROM desk_remedy
    UNION ALL SELECT 'desk_caseevent.words', id, words FROM desk_caseevent
    UNION ALL SELECT 'desk_feedback.finding', id, finding FROM desk_feedback
    UNION ALL SELECT 'desk_feedback.answer', id, answer FROM desk_feedback
    UNION ALL SELECT 'trace_subscription.signature_token', 0, signature_token FROM trace_subscription
    UNION ALL SELECT 'intake_finding.cell', id, cell FROM intake_finding
    UNION ALL SELECT 'intake_change.was', id, was FROM intake_change
) AS secret
WHERE length(sealed) > 0 AND (get_byte(sealed, 0) <> 1 OR length(sealed) < 30)
