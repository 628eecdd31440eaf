"""Tables without their indexes and foreign keys while many rows come in; both are back afterwards.

To build an index once is a tenth of the work of keeping it up row by row. All of it happens in the
caller's transaction: whoever dies in between leaves the tables as they were.
"""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.db import connection
from psycopg import sql

from warmline.base import sql as files

SQL = Path(__file__).parent / "sql"


@contextlib.contextmanager
def bare(tables: Sequence[str]) -> Iterator[None]:
    """Only the owner of the tables may."""
    rules = files.run(SQL / "constraints.sql", {"tables": list(tables)})
    indexes = files.run(SQL / "indexes.sql", {"tables": list(tables)})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits to be checked holds a table
        for table, name, _definition in rules:
            cursor.execute(
                sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(
                    sql.Identifier(table), sql.Identifier(name)
                )
            )
        for name, _definition in indexes:
            cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(sql.SQL(definition))
        for table, name, definition in reversed(rules):
            cursor.execute(
                sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                    sql.Identifier(table), sql.Identifier(name), sql.SQL(definition)
                )
            )
