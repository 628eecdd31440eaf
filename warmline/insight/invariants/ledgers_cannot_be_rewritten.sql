-- The role that runs the shop may add to what is append-only, and never change or remove a row of it.
-- 中文：只增不改的表，日常运行的账号不能改、不能删。
SELECT ledger.name AS table_name, may.privilege
FROM pg_roles AS app
CROSS JOIN (VALUES
    ('journal_entry'), ('people_consent'), ('people_reading'), ('contacts_contact'),
    ('contacts_attempt'), ('care_correction'), ('desk_caseevent'), ('desk_arrival'),
    ('desk_channelline')
) AS ledger(name)
CROSS JOIN (VALUES ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS may(privilege)
WHERE app.rolname = 'warmline_app'
  AND has_table_privilege(app.oid, to_regclass(ledger.name), may.privilege)
