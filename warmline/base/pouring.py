"""Many rows at once, straight into their table: for files, fillings and nights, where every rule of
the table holds as ever, and no verb hears of it."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models
from psycopg.sql import SQL, Identifier

from warmline.base.crypto import EncryptedTextField

NOT_PLAIN = (EncryptedTextField, models.JSONField)  # the driver writes everything else as it is


def pour(rows: Sequence[models.Model]) -> None:
    """Write rows of one model, which have their numbers already, by COPY."""
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = meta.local_concrete_fields
    _copy(rows, fields, into=meta.db_table)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def amend(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Bring these fields of rows that are there up to what they say now, in one statement: whoever
    waits for one of them waits for as long as that."""
    if not rows:
        return
    meta = type(rows[0])._meta
    fields: list[Any] = [meta.pk, *(meta.get_field(name) for name in names)]
    columns = [Identifier(str(field.column)) for field in fields]
    said = {
        "table": Identifier(meta.db_table),
        "columns": SQL(", ").join(columns),
        "key": columns[0],
        "sets": SQL(", ").join(SQL("{c} = p.{c}").format(c=column) for column in columns[1:]),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            SQL("CREATE TEMP TABLE poured AS SELECT {columns} FROM {table} WITH NO DATA").format(
                **said
            )
        )
        _copy(rows, fields, into="poured")
        cursor.execute(
            SQL("UPDATE {table} t SET {sets} FROM poured p WHERE t.{key} = p.{key}").format(**said)
        )
        cursor.execute("DROP TABLE poured")


def _copy(rows: Sequence[models.Model], fields: Sequence[Any], *, into: str) -> None:
    statement = SQL("COPY {table} ({columns}) FROM STDIN").format(
        table=Identifier(into),
        columns=SQL(", ").join(Identifier(str(field.column)) for field in fields),
    )
    seen = attrgetter(*(field.attname for field in fields))
    sealed = [n for n, field in enumerate(fields) if isinstance(field, NOT_PLAIN)]
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for row in rows:
            values = list(seen(row))
            for n in sealed:
                values[n] = fields[n].get_db_prep_save(values[n], connection)
            copy.write_row(values)


def numbers(table: str, count: int) -> list[int]:
    """The next so many numbers of a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s::text, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [number for (number,) in cursor.fetchall()]
