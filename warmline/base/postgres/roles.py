"""The two roles and the database they share."""

from pathlib import Path

import psycopg

from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _

OWNER, APP, DATABASE = "warmline", "warmline_app", "warmline"
ROLES = Path(__file__).with_name("roles.sql").read_text(encoding="utf-8")


def ensure_roles(dsn: str) -> None:
    """On any server: make sure that warmline_app exists and may use the tables to come.

    `dsn` signs in as the owner. Call it before the first migration: grants do not look back.
    """
    with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as connection:
        try:
            connection.execute(ROLES)
        except psycopg.errors.InsufficientPrivilege as error:
            raise Trouble(
                _("The database's owner may not create the role warmline_app."),
                mend=_("Ask its administrator for: CREATE ROLE warmline_app LOGIN PASSWORD '…'"),
            ) from error


def ensure_database(*, database: str, maintenance: str, template: str) -> None:
    """In the embedded server: its database, and the same grants for each one made later."""
    try:
        ensure_roles(database)
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute("ALTER ROLE warmline SET lock_timeout = '5s'")
            connection.execute("CREATE DATABASE warmline TEMPLATE template0 ENCODING 'UTF8'")
        ensure_roles(template)
        ensure_roles(database)
