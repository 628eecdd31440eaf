"""SQL that the ORM cannot say well lives in a `.sql` file beside its caller and is read once."""

from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection


@cache
def read(file: Path) -> str:
    return file.read_text()


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
