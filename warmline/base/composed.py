"""Questions that are composed once, and asked again with other numbers.

The ORM composes a question in seven times the time that PostgreSQL takes to answer it, and does so
anew for every page, in the same words. So a question that stands on every page is composed once
with blanks in place of its numbers, moments and prints, as a stencil is (`look/stencils.py`); words
and flags choose among shapes. What may be seen is still said in one place, by the queryset.

Within the question a number is a blank: it can be compared with, and not looked at.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, QuerySet
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators

P = ParamSpec("P")
Row = TypeVar("Row")
Build = Callable[[Sequence[Any]], Any]
SHAPES_MAX = 256  # roles, flags and what is absent come to some dozens


@dataclass(frozen=True, slots=True)
class Question:
    """A statement, which of the numbers goes where, and what is made of a row."""

    sql: str
    params: list[Any]
    places: list[tuple[int, int]]
    converters: list[tuple[int, list[Callable[..., Any]], Any]]
    build: Build

    def ask(self, numbers: list[Any]) -> list[Any]:
        params = self.params.copy()
        for place, number in self.places:
            params[place] = numbers[number]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        return [self.build(self._converted(row)) for row in rows]

    def _converted(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self.converters:
            return row
        values = list(row)
        for place, converters, expression in self.converters:
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return values


def composed(compose: Callable[P, QuerySet[Any, Row]]) -> Callable[P, list[Row]]:
    """`@composed` over a function that returns a queryset: calling it returns the rows."""
    kept: dict[Any, Question | None] = {}

    @wraps(compose)
    def ask(*args: P.args, **kwargs: P.kwargs) -> list[Row]:
        numbers: list[Any] = []
        shape = tuple(kwargs), *(_shape(said, numbers) for said in (*args, *kwargs.values()))
        if shape not in kept:
            assert len(kept) < SHAPES_MAX, "words that people type are no shapes"
            blanks = map(Blank, range(len(numbers)))
            given = [_with_blanks(said, blanks) for said in args]
            named = {name: _with_blanks(said, blanks) for name, said in kwargs.items()}
            kept[shape] = _question(compose(*given, **named))
        question = kept[shape]
        return question.ask(numbers) if question else []

    return ask


class Blank(Expression):
    """A number that is filled in later: the how-many-th of those that are given."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


def _shape(said: Any, numbers: list[Any]) -> Any:
    match said:
        case bool() | None | str():
            return said
        case int() | bytes() | date():  # a moment is a date too
            numbers.append(said)
            return type(said)
        case tuple():
            return type(said), *(_shape(one, numbers) for one in said)
        case _:
            raise TypeError(f"{said!r} is no number, moment, word or flag")


def _with_blanks(said: Any, blanks: Iterator[Blank]) -> Any:
    match said:
        case bool() | None | str():
            return said
        case tuple():
            return type(said)._make(_with_blanks(one, blanks) for one in said)  # type: ignore[attr-defined]
        case _:
            return next(blanks)


def _question(queryset: QuerySet[Any, Any]) -> Question | None:
    """None: whoever asks may see nothing of it, so that nobody needs to be asked."""
    assert not queryset._prefetch_related_lookups, "one question, one statement"  # type: ignore[attr-defined]
    compiler = queryset.query.get_compiler(queryset.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    columns = [column[0] for column in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(columns)
    return Question(
        sql,
        list(params),
        [(n, param.place) for n, param in enumerate(params) if isinstance(param, Blank)],
        [(place, found, column) for place, (found, column) in converters.items()],
        _build(queryset, compiler),
    )


def _build(queryset: QuerySet[Any, Any], compiler: Any) -> Build:
    if issubclass(queryset._iterable_class, ValuesListIterable):
        return tuple
    assert queryset._iterable_class is ModelIterable, "rows or objects"
    return _object_of(compiler.klass_info, compiler.select, queryset.db)


def _object_of(info: dict[str, Any], select: Any, using: str) -> Build:
    """An object with those beside it that were asked for along with it, as the ORM makes it."""
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[first:last]]
    beside = get_related_populators(info, select, using)  # type: ignore[call-arg]

    def build(row: Sequence[Any]) -> Any:
        found = info["model"].from_db(using, names, row[first:last])
        for one in beside:
            one.populate(row, found)
        return found

    return build
