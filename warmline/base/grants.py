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
LEAVE = sql.SQL("; GRANT UPDATE ({column}) ON TABLE {table} TO warmline_app")
GIVE_BACK = sql.SQL("GRANT UPDATE, DELETE ON TABLE {table} TO warmline_app")


def append_only(table: str, *, but: str = "") -> RunSQL:
    """For a migration, after its table is made: the app may add and read rows, nothing else.

    `but` names the one column that may change, such as the household when two turn out to be one.
    A server where the app is its own owner has no such role, and the operation does nothing.
    """
    name = sql.Identifier(table)
    change: sql.Composable = TAKE.format(table=name)
    if but:
        change += LEAVE.format(table=name, column=sql.Identifier(but))
    return RunSQL(
        sql=FOR_THE_APP.format(change=change).as_string(),
        reverse_sql=FOR_THE_APP.format(change=GIVE_BACK.format(table=name)).as_string(),
    )
