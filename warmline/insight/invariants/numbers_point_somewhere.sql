-- What is kept as a number alone, without a foreign key, names something that is there.
-- 中文：只记编号、不设外键的地方，编号指向的东西都在。
SELECT 'journal_entry.household_id' AS place, e.id, e.household_id AS names
FROM journal_entry e LEFT JOIN people_household h ON h.id = e.household_id
WHERE e.household_id IS NOT NULL AND h.id IS NULL
UNION ALL
SELECT 'journal_entry.by_id', e.id, e.by_id
FROM journal_entry e LEFT JOIN people_staff s ON s.id = e.by_id
WHERE e.by_id IS NOT NULL AND s.id IS NULL
UNION ALL
SELECT 'journal_task.entry_id', t.id, t.entry_id
FROM journal_task t LEFT JOIN journal_entry e ON e.id = t.entry_id
WHERE e.id IS NULL
UNION ALL
SELECT 'contacts_contact.promise_id', c.id, c.promise_id
FROM contacts_contact c LEFT JOIN promises_promise p ON p.id = c.promise_id
WHERE c.promise_id IS NOT NULL AND p.id IS NULL
UNION ALL
SELECT 'promises_promise.playbook_id', p.id, p.playbook_id
FROM promises_promise p LEFT JOIN playbooks_playbook b ON b.id = p.playbook_id
WHERE p.playbook_id IS NOT NULL AND b.id IS NULL
UNION ALL
SELECT 'sales_sale.import_id', s.id, s.import_id
FROM sales_sale s LEFT JOIN intake_import i ON i.id = s.import_id
WHERE s.import_id IS NOT NULL AND i.id IS NULL
