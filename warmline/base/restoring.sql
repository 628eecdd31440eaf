-- While a backup comes in, its tables bring their own grants: ours for new tables must not be
-- added to them, or what was append-only would be so no longer.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'warmline_app') THEN
    ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM warmline_app;
    ALTER DEFAULT PRIVILEGES REVOKE ALL ON SEQUENCES FROM warmline_app;
  END IF;
END
$$
