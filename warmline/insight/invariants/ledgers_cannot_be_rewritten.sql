-- The role that runs the shop may add to what is append-only, and never change or remove a row of it.
SELECT ledger.name AS table_name, may.privilege
FROM pg_roles AS app
CROSS JOIN (VALUES
    ('journal_entry'), ('people_consent'), ('people_reading'), ('contacts_contact'),
    ('contacts_attempt'), ('care_correction')
) AS ledger(name)
CROSS JOIN (VALUES ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS may(privilege)
WHERE app.rolname = 'warmline_app'
  AND has_table_privilege(app.oid, to_regclass(ledger.name), may.privilege)
