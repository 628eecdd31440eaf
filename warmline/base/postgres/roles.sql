-- Two roles share a database: whoever runs this owns it and migrates; warmline_app runs the shop.
-- The app may read and write rows of every table to come, and never change a table; what is
-- append-only is taken from it again by the migration that creates it (warmline.base.grants).
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'warmline_app') THEN
    CREATE ROLE warmline_app LOGIN;
  END IF;
  IF (SELECT rolconfig FROM pg_roles WHERE rolname = 'warmline_app')
     IS DISTINCT FROM ARRAY['lock_timeout=5s', 'statement_timeout=30s'] THEN
    ALTER ROLE warmline_app RESET ALL;
    ALTER ROLE warmline_app SET lock_timeout = '5s';
    ALTER ROLE warmline_app SET statement_timeout = '30s';
  END IF;
END
$$;

GRANT USAGE ON SCHEMA public TO warmline_app;
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO warmline_app;
ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO warmline_app;
