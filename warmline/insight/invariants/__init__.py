"""What must always hold (`warmline check`): each invariant is a file whose first sentence says it,
and whose query returns what offends it. Two are too much for SQL and are Python beside them."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from warmline.base import sql
from warmline.base.clock import now, today
from warmline.base.words import language
from warmline.insight.invariants import habits, tables

HERE = Path(__file__).parent
FIRST = "tables_are_this_versions"  # while it does not hold, the others cannot be asked
SHOWN = 1000  # what is worth fetching of what is wrong; nobody reads more
Row = dict[str, Any]


@dataclass(frozen=True)
class Invariant:
    """What must hold, and how to find what does not."""

    name: str
    says: str
    offenders: Callable[[], list[Row]]


@dataclass(frozen=True)
class Verdict:
    invariant: Invariant
    offenders: list[Row]
    seconds: float

    @property
    def holds(self) -> bool:
        return not self.offenders


def sentence_of(file: Path) -> str:
    """The comment that opens the file; it says it in English, and after 中文 in Chinese."""
    comment = takewhile(lambda line: line.startswith("--"), sql.read(file).splitlines())
    said = " ".join(line.removeprefix("--").strip() for line in comment)
    english, _mark, chinese = said.partition("中文：")
    return chinese if chinese and language() == "zh_Hans" else english.strip()


def all_of_them() -> list[Invariant]:
    files = [
        Invariant(file.stem, sentence_of(file), lambda file=file: found(file))  # type: ignore[misc]
        for file in sorted(HERE.glob("*.sql"))
    ]
    return [
        Invariant(FIRST, tables.says(), tables.offenders),
        *files,
        Invariant("habits_follow_from_the_ledger", habits.says(), habits.offenders),
    ]


def found(file: Path) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql.read(file), {"now": now(), "today": today()})
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(SHOWN)]


def judge(invariants: list[Invariant]) -> Iterator[Verdict]:
    """One after the other, each on one picture of the whole, however long it takes."""
    for invariant in invariants:
        begun = time.monotonic()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL work_mem = '64MB'")
            offenders = invariant.offenders()
        yield Verdict(invariant, offenders, time.monotonic() - begun)
        if invariant.name == FIRST and offenders:
            return
