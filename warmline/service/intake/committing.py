"""The commit: all good rows of a file in one transaction, or none. And its undo."""

from pathlib import Path
from typing import Any

from django.db import connection, transaction

from warmline.base import sheets
from warmline.base.clock import now
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.service.intake.checking import Refused, bulk, carry_out, opened, refuse
from warmline.service.intake.findings import Book
from warmline.service.intake.kinds import sales
from warmline.service.intake.models import FilePart, Import
from warmline.service.intake.progress import Teller
from warmline.service.intake.running import Run
from warmline.service.intake.signals import CommitAsked, FileImported


@transaction.atomic
def ask(file: Import, *, by: Staff | None) -> None:
    """Do what the dry run said, as soon as a worker is free."""
    with file.move(Import.Status.COMMITTING):
        record(CommitAsked(file=file.pk), by=by)


def commit(file: Import, *, path: Path | None = None, limits: sheets.Limits | None = None) -> None:
    """Whoever dies in here leaves no row behind."""
    with bulk(), Teller(file.pk, total=file.rows) as tell:
        try:
            with transaction.atomic():
                counts = _bring_in(file, path=path, limits=limits, tell=tell)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except Refused as refused:
            refuse(file, refused)
            return
        with file.move(Import.Status.COMMITTED):
            file.counts, file.committed_at = counts, now()
        if not counts.get("bad"):
            FilePart.objects.filter(of=file).delete()  # nothing to mend: nothing to keep
        rows = counts.get("new", 0) + counts.get("changed", 0)
        record(FileImported(file=file.pk, what=file.kind, rows=rows), by=file.by)


def _bring_in(
    file: Import, *, path: Path | None, limits: sheets.Limits | None, tell: Teller
) -> dict[str, Any]:
    if file.kind == "sales" and sales.is_staged(file):
        if sales.resolve(file):
            _list_anew(file)
        sales.sell(file, tell=tell)
        told = {**file.counts, **sales.tally(file)}
        sales.forget(file)
        return told
    with opened(file, path=path, limits=limits) as sheet:
        book = Book(file)
        file.findings.all().delete()
        if file.kind == "sales":
            sales.stage(file, sheet, book=book, tell=tell)
            sales.sell(file, tell=tell)
            told = sales.counts(file)
            sales.forget(file)
        else:
            run = Run(file, book=book, rehearses=False)
            carry_out(run, sheet, tell=tell)
            told = dict(run.counts)
        book.write()
        return {**told, **book.tally()}


def _list_anew(file: Import) -> None:
    """Since the dry run, some of its receipts came in by another way."""
    file.findings.all().delete()
    book = Book(file)
    with sales.in_heaps():
        sales.list_bad(file, book=book)
    book.write()
    file.counts |= book.tally()
