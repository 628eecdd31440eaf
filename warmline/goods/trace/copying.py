"""Many rows at once, as PostgreSQL likes them best: COPY, and arrays as text."""

import json
from collections.abc import Callable, Iterable, Sequence
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
    if spell := CELLS.get(type(value)):
        return spell(value)
    return (str(int(value)) if isinstance(value, int) else str(value)).translate(ESCAPES)


def array(values: Iterable[Any]) -> str:
    """PostgreSQL's text for numbers and instants."""
    return "{" + ",".join([ELEMENTS.get(type(v), str)(v) for v in values]) + "}"


def numbers(values: Iterable[int | None]) -> str:
    """The same for plain numbers alone, three times as fast."""
    return "{" + str([*values])[1:-1].replace("None", "NULL") + "}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).translate(ESCAPES)


CELLS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _nothing: "\\N",
    int: int.__repr__,
    datetime: datetime.isoformat,
    bytes: lambda value: "\\\\x" + value.hex(),
    dict: _json,
    list: _json,
}
ELEMENTS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _nothing: "NULL",
    int: int.__repr__,
    datetime: lambda at: f'"{at.isoformat()}"',
}
