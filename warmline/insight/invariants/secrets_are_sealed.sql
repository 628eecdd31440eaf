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
    UNION ALL SELECT 'intake_finding.cell', id, cell FROM intake_finding
    UNION ALL SELECT 'intake_change.was', id, was FROM intake_change
) AS secret
WHERE length(sealed) > 0 AND (get_byte(sealed, 0) <> 1 OR length(sealed) < 30)
