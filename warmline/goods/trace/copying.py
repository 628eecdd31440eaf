"""Many rows at once, as PostgreSQL likes them best: COPY, and arrays as text."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    """COPY these rows into a table of ours."""
    copy_lines(table, columns, "".join(["\t".join(map(cell, row)) + "\n" for row in rows]))


def copy_lines(table: str, columns: str, lines: str) -> None:
    """COPY rows that are text already, for where each microsecond counts."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns.split()))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(lines)


def cell(value: Any) -> str:
    match value:
        case None:
            return "\\N"
        case int():
            return str(int(value))
        case datetime():
            return value.isoformat()
        case bytes():
            return "\\\\x" + value.hex()
        case dict() | list():
            return json.dumps(value, ensure_ascii=False).translate(ESCAPES)
    return str(value).translate(ESCAPES)


def array(values: Iterable[Any]) -> str:
    """PostgreSQL's text for numbers and instants."""
    return "{" + ",".join(["NULL" if v is None else _plain(v) for v in values]) + "}"


def _plain(value: Any) -> str:
    return f'"{value.isoformat()}"' if isinstance(value, datetime) else str(value)
