"""One run over a small file: rows become rows of the house, each change noted for the undo.

The dry run is the same run, rolled back: what it counts is what will happen.
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import models

from warmline.core.journal.recording import record
from warmline.core.journal.signals import Signal
from warmline.service.intake.findings import Book, Found, Level
from warmline.service.intake.models import Change, Import
from warmline.service.intake.reading import Cells

BATCH = 2000


class Kind(Protocol):
    """What can be made of rows of one kind."""

    def take(self, rows: Sequence[Cells]) -> None: ...

    def finish(self) -> None: ...


class Run:
    """What a kind works with: the file, its findings, its changes, its counts."""

    def __init__(self, file: Import, *, book: Book, rehearses: bool) -> None:
        self.file, self.book, self.rehearses = file, book, rehearses
        self.counts: Counter[str] = Counter()
        self._made: list[Change] = []

    def accepts(self, cells: Cells) -> bool:
        """Whether the row is good so far; if not, its faults are written down."""
        self.book.add_all(cells.wrong)
        return not cells.wrong

    def warn(self, cells: Cells, name: str, reason: str, **facts: Any) -> None:
        said = Found(cells.no, name, reason, facts, cells.text(name), Level.WARNED)
        self.book.add(said)

    def skip(self, cells: Cells, reason: str, **facts: Any) -> None:
        self.book.add(Found(cells.no, "", reason, facts, "", Level.SKIPPED))
        self.tell("skipped")

    def tell(self, what: str, many: int = 1) -> None:
        self.counts[what] += many

    def make(self, rows: Sequence[models.Model]) -> None:
        """New rows of one table."""
        if not rows:
            return
        type(rows[0])._base_manager.bulk_create(rows, batch_size=BATCH)
        for row in rows:
            self._note(row, "")

    def amend(self, row: Any, said: dict[str, Any]) -> bool:
        """Bring a row up to what the file says; whether anything was different."""
        was: dict[str, list[Any]] = {}
        for name, value in said.items():
            field = row._meta.get_field(name)
            value = value.pk if isinstance(value, models.Model) else value
            before = getattr(row, field.attname)
            if before != value:
                was[field.attname] = [_plain(before), _plain(value)]
                setattr(row, field.attname, value)
        if was:
            row.save(update_fields=list(was))
            self._note(row, json.dumps(was, ensure_ascii=False))
        return bool(was)

    def announce(self, signal: Signal) -> None:
        if not self.rehearses:
            record(signal, by=self.file.by)

    def _note(self, row: models.Model, was: str) -> None:
        if self.rehearses:
            return
        self._made.append(Change(of=self.file, table=row._meta.label, row_id=row.pk, was=was))
        if len(self._made) >= BATCH:
            self.write()

    def write(self) -> None:
        Change.objects.bulk_create(self._made)
        self._made = []
        self.book.write()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
