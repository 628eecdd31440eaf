"""What the role that runs the shop may do to a table: everything with rows, unless said here."""

from django.db.migrations import RunSQL
from psycopg import sql

from warmline.base.postgres.roles import ensure_roles

__all__ = ["append_only", "ensure_roles"]

FOR_THE_APP = sql.SQL("""
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'warmline_app') THEN
    {change};
  END IF;
END
$$
""")
TAKE = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON TABLE {table} FROM warmline_app")
GIVE_BACK = sql.SQL("GRANT UPDATE, DELETE ON TABLE {table} TO warmline_app")


def append_only(table: str) -> RunSQL:
    """For a migration, after its table is made: the app may add and read rows, nothing else.

    A server where the app is its own owner has no such role, and the operation does nothing.
    """
    name = sql.Identifier(table)
    return RunSQL(
        sql=FOR_THE_APP.format(change=TAKE.format(table=name)).as_string(),
        reverse_sql=FOR_THE_APP.format(change=GIVE_BACK.format(table=name)).as_string(),
    )
