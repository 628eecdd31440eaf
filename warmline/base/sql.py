"""SQL that the ORM cannot say well lives in a `.sql` file beside its caller and is read once."""

import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg import RawCursor

from warmline.base.crypto import EncryptedTextField, encrypt

AS_IT_IS = {str, int, bool, float, type(None)}
M = TypeVar("M", bound=models.Model)


@cache
def read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def run(file: Path, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Run a file's statement; the rows it returns, or none."""
    with connection.cursor() as cursor:
        cursor.execute(read(file), params)
        return cursor.fetchall() if cursor.description else []


def changed(file: Path, params: dict[str, Any]) -> int:
    """Run a file's statement; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(read(file), params)
        return int(cursor.rowcount)


def dicts(file: Path, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a file's query; its rows as dictionaries by column name."""
    with connection.cursor() as cursor:
        cursor.execute(read(file), params)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def first(file: Path, params: dict[str, Any]) -> tuple[Any, ...] | None:
    """Run a long statement of a hot path, kept prepared; its first row, with names."""
    statement, names = _numbered(file)
    connection.ensure_connection()
    with connection.wrap_database_errors, RawCursor(connection.connection) as cursor:
        cursor.execute(statement, [params[name] for name in names], prepare=True)
        return cursor.fetchone() if cursor.description else None


@cache
def _numbered(file: Path) -> tuple[bytes, list[str]]:
    """The file with $1, $2 … and the names they stand for. A text of this length is not kept by
    the driver's own cache: turning its names into numbers each time cost more than the rest."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    return re.sub(r"%\((\w+)\)s", number, read(file)).encode(), names


def row(instance: models.Model) -> dict[str, Any]:
    """A row as JSON that `json_populate_record` reads back, for a statement that writes several
    tables at once: what is sealed is sealed here, bytes are hex, and what the database fills in
    itself is left to it."""
    said: dict[str, Any] = {}
    for column, name, place in _columns(type(instance)):
        value = getattr(instance, name)
        if place:
            said[column] = f"\\x{encrypt(value, place=place).hex()}" if value else "\\x"
        elif type(value) in AS_IT_IS:
            said[column] = value
        elif not isinstance(value, DatabaseDefault):
            said[column] = _plain(value)
    return said


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, str, str]]:
    """Column, attribute, and where it is sealed, if it is."""
    return [
        (str(f.column), f.attname, f.place if isinstance(f, EncryptedTextField) else "")
        for f in model._meta.concrete_fields
    ]


def read_back(model: type[M], said: dict[str, Any]) -> M:
    """A row that a statement gave as JSON (`row_to_json`); of tables where nothing is sealed."""
    fields = model._meta.concrete_fields
    values = [field.to_python(said[str(field.column)]) for field in fields]
    return model.from_db(connection.alias, [field.attname for field in fields], values)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return f"\\x{bytes(value).hex()}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
