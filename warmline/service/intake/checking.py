"""The dry run: what a file would do, row by row, with nothing done."""

import contextlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext_noop as _

from warmline.base import sheets
from warmline.base.clock import now
from warmline.base.sheets.unreadable import SENTENCES
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.service.intake import keeping, mapping
from warmline.service.intake.findings import Book
from warmline.service.intake.kinds import sales
from warmline.service.intake.kinds.babies import Babies
from warmline.service.intake.kinds.members import Members
from warmline.service.intake.kinds.products import Products
from warmline.service.intake.kinds.staff import People
from warmline.service.intake.kinds.stores import Stores
from warmline.service.intake.models import Import
from warmline.service.intake.progress import Stage, Teller
from warmline.service.intake.reading import rows_of
from warmline.service.intake.running import BATCH, Kind, Run
from warmline.service.intake.signals import CheckAsked

KINDS: dict[str, Any] = {
    "stores": Stores,
    "staff": People,
    "products": Products,
    "members": Members,
    "babies": Babies,
}
COLUMNS_LACK = _("A column is not mapped that is needed: {lacking}.")


@transaction.atomic
def ask(file: Import, *, by: Staff | None) -> None:
    """Try it out, as soon as a worker is free."""
    with file.move(Import.Status.CHECKING):
        file.reason, file.facts = "", {}
        record(CheckAsked(file=file.pk), by=by)


def check(file: Import, *, path: Path | None = None, limits: sheets.Limits | None = None) -> None:
    """Read and understand it all; afterwards its counts and findings say what would happen."""
    with bulk(), Teller(file.pk, total=file.rows) as tell:
        try:
            with transaction.atomic(), opened(file, path=path, limits=limits) as sheet:
                counts = read(file, sheet, tell=tell)
        except Refused as refused:
            refuse(file, refused)
        else:
            with file.move(Import.Status.CHECKED):
                file.counts, file.checked_at = counts, now()


def read(file: Import, sheet: sheets.Sheet, *, tell: Teller) -> dict[str, Any]:
    """The dry run itself: what it found is written, what it tried is rolled back."""
    file.findings.all().delete()
    book = Book(file)
    if file.kind == "sales":
        sales.stage(file, sheet, book=book, tell=tell)
        counts = sales.counts(file)
    else:
        counts = rehearse(file, sheet, book=book, tell=tell)
    book.write()
    return {**counts, **book.tally()}


def rehearse(file: Import, sheet: sheets.Sheet, *, book: Book, tell: Teller) -> dict[str, Any]:
    """Carry it out and roll back: nothing says better what will happen."""
    run = Run(file, book=book, rehearses=True)
    with contextlib.suppress(Rehearsed), transaction.atomic():
        carry_out(run, sheet, tell=tell)
        raise Rehearsed
    return dict(run.counts)


class Rehearsed(Exception):
    """The end of a dry run: everything it tried is taken back."""


def carry_out(run: Run, sheet: sheets.Sheet, *, tell: Teller) -> None:
    """Rows of the file become rows of the house, a batch at a time."""
    tell.enter(Stage.READING if run.rehearses else Stage.IMPORTING)
    kind: Kind = KINDS[run.file.kind](run)
    rows = rows_of(run.file, sheet)
    while batch := list(islice(rows, BATCH)):
        kind.take(batch)
        run.write()
        tell.step(len(batch))
    kind.finish()
    run.write()
    run.write_changes()


class Refused(Exception):
    """The file as a whole cannot be taken: an English sentence and its facts."""

    def __init__(self, reason: str, facts: dict[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.reason, self.facts = reason, facts or {}


def refuse(file: Import, refused: Refused) -> None:
    with file.move(Import.Status.REFUSED):
        file.reason, file.facts = refused.reason, refused.facts


@contextlib.contextmanager
def opened(
    file: Import, *, path: Path | None = None, limits: sheets.Limits | None = None
) -> Iterator[sheets.Sheet]:
    """The same file as when it came, with all its columns that are needed."""
    if lacking := mapping.missing(file.kind, file.columns):
        raise Refused(COLUMNS_LACK, {"lacking": ", ".join(lacking)})
    with laid_out(file, path=path, limits=limits) as sheet:
        yield sheet


@contextlib.contextmanager
def laid_out(
    file: Import, *, path: Path | None = None, limits: sheets.Limits | None = None
) -> Iterator[sheets.Sheet]:
    """The same file as when it came, opened in the same way; Refused when it cannot be read."""
    try:
        with contextlib.ExitStack() as stack:
            table = path or stack.enter_context(keeping.laid_open(file))
            if keeping.digest(table) != bytes(file.sha256):
                raise sheets.Unreadable("gone")
            page = file.sheet or None
            yield sheets.look(table, kind=file.looked_as or None, limits=limits, sheet=page)
    except sheets.Unreadable as error:
        words = SENTENCES.get(error.reason_code, SENTENCES["failed"])
        raise Refused(str(words), error.facts) from error


@contextlib.contextmanager
def bulk() -> Iterator[None]:
    """A transaction that may take its time: a file is one piece of work, however long."""
    with transaction.atomic(), translation.override(None):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '30min'")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '30min'")
        yield
