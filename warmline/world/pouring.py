"""Many rows at once, straight into their table. Only `world` does this: no verb hears of it."""

from collections.abc import Sequence
from operator import attrgetter

from django.db import connection, models
from psycopg.sql import SQL, Identifier

from warmline.base.crypto import EncryptedTextField

NOT_PLAIN = (EncryptedTextField, models.JSONField)  # the driver writes everything else as it is


def pour(rows: Sequence[models.Model]) -> None:
    """Write rows of one model by COPY; each gets its number first, in the order given."""
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = meta.local_concrete_fields
    into = SQL("COPY {table} ({columns}) FROM STDIN").format(
        table=Identifier(meta.db_table),
        columns=SQL(", ").join(Identifier(str(field.column)) for field in fields),
    )
    with connection.cursor() as cursor:
        for row, number in zip(rows, numbers(meta.db_table, len(rows)), strict=True):
            row.pk, row._state.adding = number, False
        seen = attrgetter(*(field.attname for field in fields))
        sealed = [n for n, field in enumerate(fields) if isinstance(field, NOT_PLAIN)]
        with cursor.cursor.copy(into) as copy:
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
