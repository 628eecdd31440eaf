"""One run over a small file: rows become rows of the house, each change noted for the undo.

The dry run is the same run, rolled back: what it counts is what will happen. What it would change
of rows that are there is only remembered, and read back over what the database says (`as_said`): a
family that is written is held until the end, and whoever speaks with her meanwhile would wait. The
commit writes it last, for the same reason.
"""

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from django.db import connection, models

from warmline.base.crypto import encrypt
from warmline.base.pouring import amend, numbers, pour
from warmline.core.journal.recording import record
from warmline.core.journal.signals import Signal
from warmline.service.intake.findings import Book, Found, Level
from warmline.service.intake.models import Import
from warmline.service.intake.reading import Cells

M = TypeVar("M", bound=models.Model)
BATCH = 2000
NOTE = 'COPY intake_change (of_id, "table", row_id, was) FROM STDIN'


class Kind(Protocol):
    """What can be made of rows of one kind."""

    def take(self, rows: Sequence[Cells]) -> None: ...

    def finish(self) -> None: ...


class Run:
    """What a kind works with: the file, its findings, its changes, its counts."""

    def __init__(self, file: Import, *, book: Book, rehearses: bool) -> None:
        self.file, self.book, self.rehearses = file, book, rehearses
        self.counts: Counter[str] = Counter()
        self._made: list[tuple[str, int, str]] = []
        self._fresh: defaultdict[type[models.Model], list[models.Model]] = defaultdict(list)
        self._amended: defaultdict[type[models.Model], dict[int, dict[str, Any]]] = defaultdict(
            dict
        )
        self._numbers: defaultdict[type[models.Model], deque[int]] = defaultdict(deque)

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

    def make(self, *rows: models.Model) -> None:
        """New rows. They have their numbers at once and are written with the batch."""
        for row in rows:
            row.pk = self._number(type(row))
            self._fresh[type(row)].append(row)
            self._note(row, "")

    def amend(self, row: Any, said: dict[str, Any]) -> bool:
        """Bring a row up to what the file says; whether anything was different."""
        was: dict[str, list[Any]] = {}
        for name, value in said.items():
            field = row._meta.get_field(name)
            value = value.pk if isinstance(value, models.Model) else value
            before = getattr(row, field.attname)
            if before != value:
                was[field.attname] = [plain(before), plain(value)]
                setattr(row, field.attname, value)
        if was and not row._state.adding:
            now = {name: getattr(row, name) for name in was}
            self._amended[type(row)].setdefault(row.pk, {}).update(now)
            self._note(row, json.dumps(was, ensure_ascii=False))
        return bool(was)

    def as_said(self, rows: Iterable[M]) -> list[M]:
        """These rows as the file has them by now, whatever of it is written yet."""
        found = list(rows)
        for row in found:
            for name, value in self._amended[type(row)].get(row.pk, {}).items():
                setattr(row, name, value)
        return found

    def _number(self, model: type[models.Model]) -> int:
        if not self._numbers[model]:
            self._numbers[model].extend(numbers(model._meta.db_table, BATCH))
        return self._numbers[model].popleft()

    def announce(self, signal: Signal) -> None:
        if not self.rehearses:
            record(signal, by=self.file.by)

    def _note(self, row: models.Model, was: str) -> None:
        if not self.rehearses:
            self._made.append((row._meta.label, row.pk, was))

    def write(self) -> None:
        """What has gathered goes to the database; keys between new rows are checked at the end."""
        for fresh in self._fresh.values():
            pour(fresh)
        self._fresh.clear()
        if not self.rehearses:
            self._write_notes()
            self.book.write()

    def write_changes(self) -> None:
        """What was there and is different now: the last that a file does, as it holds these rows."""
        if self.rehearses:
            return
        for model, changed in self._amended.items():
            alike: defaultdict[tuple[str, ...], list[models.Model]] = defaultdict(list)
            for pk in sorted(changed):
                alike[tuple(changed[pk])].append(model(pk=pk, **changed[pk]))
            for names, rows in alike.items():
                amend(rows, names)
        self._amended.clear()

    def _write_notes(self) -> None:
        if not self._made:
            return
        with connection.cursor() as cursor, cursor.cursor.copy(NOTE) as copy:
            for table, row, was in self._made:
                sealed = encrypt(was, place="intake_change.was") if was else b""
                copy.write_row((self.file.pk, table, row, sealed))
        self._made = []


def plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
