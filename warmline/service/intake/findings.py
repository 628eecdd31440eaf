"""What there is to say about rows, gathered while a file is read and written down in batches."""

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from warmline.base.crypto import encrypt
from warmline.base.exports import Problem
from warmline.base.sheets.cells import BadCell
from warmline.service.intake.models import Finding, Import

BATCH = 2000
CELL_KEPT = 200
PLACE = "intake_finding.cell"
POUR = """
    COPY intake_finding (of_id, level, "row", field, reason, facts, cell) FROM STDIN
"""
Level = Finding.Level


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """One thing about one row. `reason` is in English: the reader's language comes later."""

    row: int
    field: str
    reason: str
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)
    cell: str = ""
    level: str = Level.BAD


def of_cell(row: int, name: str, bad: BadCell, cell: str) -> Found:
    return Found(row, name, str(bad._sentence), dict(bad.facts), cell)


class Book:
    """The findings of one run, written as they come."""

    def __init__(self, file: Import) -> None:
        self.file = file
        self.counts: Counter[str] = Counter()
        self.bad_rows: set[int] = set()
        self._waiting: list[Found] = []

    def add(self, found: Found) -> None:
        if found.level == Level.BAD:
            self.bad_rows.add(found.row)
        else:
            self.counts[found.level] += 1
        self._waiting.append(found)

    def add_all(self, found: Iterable[Found]) -> None:
        for each in found:
            self.add(each)

    def pour(self, found: Iterable[Found]) -> None:
        """Bad rows by the hundred thousand go in as a stream."""
        with connection.cursor() as cursor, cursor.cursor.copy(POUR) as copy:
            for each in found:
                if each.level == Level.BAD:
                    self.bad_rows.add(each.row)
                cell = encrypt(each.cell[:CELL_KEPT], place=PLACE) if each.cell else b""
                facts = json.dumps(each.facts, ensure_ascii=False)
                said = (self.file.pk, each.level, each.row, each.field, each.reason, facts, cell)
                copy.write_row(said)

    def tally(self) -> dict[str, int]:
        return {"bad": len(self.bad_rows), "warned": self.counts[Level.WARNED]}

    def write(self) -> None:
        if self._waiting:
            self.pour(self._waiting)
        self._waiting = []


def problems_of(file: Import) -> Iterator[Problem]:
    """The bad rows in words, for the file to mend."""
    found = Finding.objects.filter(of=file, level=Level.BAD).order_by("row", "pk").defer("cell")
    for each in found.iterator(chunk_size=BATCH):
        each.of = file
        yield Problem(each.row, each.column, each.sentence)
