"""Columns into tables by the million: COPY in PostgreSQL's binary form, packed by numpy.

Every row of a block has the same length, so a block is one array and no Python runs for a row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg import sql

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
EPOCH = np.datetime64("2000-01-01", "s")
NEW_YEAR_2000 = date(2000, 1, 1).toordinal()
SMALL_NUMERIC = np.dtype(
    [("digits", ">i2"), ("weight", ">i2"), ("sign", ">i2"), ("scale", ">i2"), ("value", ">i2")]
)


@dataclass(frozen=True)
class Column:
    """Values of one type as they stand in the stream; one value alone stands in every row."""

    dtype: np.dtype[Any]
    values: Any


def bigint(values: Any) -> Column:
    return Column(np.dtype(">i8"), values)


def integer(values: Any) -> Column:
    return Column(np.dtype(">i4"), values)


def smallint(values: Any) -> Column:
    return Column(np.dtype(">i2"), values)


def boolean(values: Any) -> Column:
    return Column(np.dtype("u1"), values)


def uuid(values: NDArray[np.void]) -> Column:
    """Sixteen bytes each."""
    return Column(np.dtype("V16"), values)


def text(value: str) -> Column:
    """The same words in every row."""
    said = value.encode()
    return Column(np.dtype(f"S{len(said)}") if said else np.dtype([]), said)


def code(letter: str, values: NDArray[np.int64], *, digits: int) -> Column:
    """A letter and a number of so many digits: T000000042."""
    letters = np.empty((len(values), digits + 1), np.uint8)
    letters[:, 0] = ord(letter)
    for place in range(digits):
        letters[:, digits - place] = 48 + values // 10**place % 10
    return Column(np.dtype(f"S{digits + 1}"), letters.view(f"S{digits + 1}").ravel())


def day(values: Any) -> Column:
    """Ordinals, as `date.toordinal` counts."""
    return Column(np.dtype(">i4"), np.asarray(values) - NEW_YEAR_2000)


def instant(values: Any) -> Column:
    """Seconds since the year 2000, UTC."""
    return Column(np.dtype(">i8"), np.asarray(values, np.int64) * 1_000_000)


def seconds_of(at: datetime) -> int:
    return int(at.timestamp()) - 946_684_800


def whole(values: Any, *, scale: int) -> Column:
    """A numeric that is a whole number from 1 to 9999."""
    packed = np.empty(len(values), SMALL_NUMERIC)
    packed["digits"], packed["weight"], packed["sign"], packed["scale"] = 1, 0, 0, scale
    packed["value"] = values
    return Column(SMALL_NUMERIC, packed)


def copy(table: str, columns: Mapping[str, Column], *, rows: int) -> None:
    """Write a block of rows; columns that are not named are empty."""
    parts: list[tuple[str, Any]] = [("count", ">i2")]
    for name, column in columns.items():
        parts.append((f"{name} length", ">i4"))
        if column.dtype.itemsize:
            parts.append((name, column.dtype))
    block = np.empty(rows, np.dtype(parts))
    block["count"] = len(columns)
    for name, column in columns.items():
        block[f"{name} length"] = column.dtype.itemsize
        if column.dtype.itemsize:
            block[name] = column.values
    into = sql.SQL("COPY {table} ({names}) FROM STDIN (FORMAT binary)").format(
        table=sql.Identifier(table), names=sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.cursor.copy(into) as stream:
        stream.write(HEADER + block.tobytes() + TRAILER)


def copy_text(table: str, names: str, lines: bytes) -> None:
    """Rows that somebody has written as COPY's text already."""
    into = sql.SQL("COPY {table} ({names}) FROM STDIN").format(
        table=sql.Identifier(table), names=sql.SQL(", ").join(map(sql.Identifier, names.split()))
    )
    with connection.cursor() as cursor, cursor.cursor.copy(into) as stream:
        stream.write(lines)


def take_numbers(table: str, count: int) -> int:
    """The first of so many numbers in a row, which nobody else will get."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s::text, 'id')", [table])
        [(sequence,)] = cursor.fetchall()
        cursor.execute("SELECT nextval(%s::text::regclass)", [sequence])
        [(first,)] = cursor.fetchall()
        cursor.execute("SELECT setval(%s::text::regclass, %s)", [sequence, first + count - 1])
    return int(first)
