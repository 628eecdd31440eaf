"""`warmline import`: whole folders of a shop's files, tried out, imported and accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from warmline.base.words import gettext as _
from warmline.base.words import language
from warmline.cli.deployment import Deployment, data_option

if TYPE_CHECKING:
    from warmline.service.intake.models import Import

ORDER = ("stores", "staff", "products", "members", "babies", "sales")
ENDINGS = {".csv", ".txt", ".tsv", ".xlsx", ".xls", ".xlsb", ".ods", ".html", ".htm"}
SHOWN = 20
COUNTS = ("new", "changed", "same", "skipped", "warned", "bad")
console = Console(highlight=False)


@click.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--kind", type=click.Choice(ORDER), help="What the files hold, if they do not say.")
@click.option("--yes", is_flag=True, help="Import the good rows without asking.")
@click.option("--store", default="", help="Code of the store of rows that name none.")
@click.option("--source", default="", help="Whose receipt numbers these are, e.g. the till's name.")
@click.option(
    "--consent",
    default="",
    metavar="EVIDENCE",
    help="These families agreed to care calls and baby records; say where that is written.",
)
@click.option(
    "--fix-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where files with the bad rows go, to mend and import again.",
)
@data_option
@click.pass_obj
def import_(deployment: Deployment, paths: tuple[Path, ...], **how: Any) -> None:
    """Import files or whole folders: stores, staff, products, members, babies, then sales."""
    with deployment.database(), _spoken():
        refused = False
        files = _received(paths, kind=how["kind"])
        if not files:
            raise _nothing_in(paths)
        for path, file in files:
            if file is None:
                refused = True
                continue
            _settle(file, **how)
            refused |= not _bring_in(path, file, yes=how["yes"], fix_dir=how["fix_dir"])
        _follow_up([file for _path, file in files if file is not None])
    if refused:
        raise click.exceptions.Exit(1)


@contextmanager
def _spoken() -> Iterator[None]:
    """In the terminal's language, the reasons too."""
    from django.utils import translation

    with translation.override("zh-hans" if language() == "zh_Hans" else "en"):
        yield


def _received(paths: tuple[Path, ...], *, kind: str | None) -> list[tuple[Path, Import | None]]:
    """Every table of these files and folders, in the order in which one needs the other."""
    from warmline.base import sheets
    from warmline.service.intake.receiving import receive

    found: list[tuple[Path, Import | None]] = []
    for path in _tables(paths):
        try:
            limits = sheets.Limits.for_operator()
            file = receive(path, name=path.name, by=None, kind=kind, limits=limits, keep=False)
        except sheets.Unreadable as error:
            console.print(f"✗ {path.name}: {error.sentence}", style="bold red", markup=False)
            found.append((path, None))
        else:
            found.append((path, file))
    return sorted(found, key=lambda each: ORDER.index(each[1].kind) if each[1] else -1)


def _tables(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.iterdir() if p.is_file() and p.suffix.lower() in ENDINGS)
            yield from sorted(p for p in inside if not p.name.startswith((".", "~$")))
        else:
            yield path


def _nothing_in(paths: tuple[Path, ...]) -> Exception:
    from warmline.base.trouble import Trouble

    return Trouble(
        _("There is no table in %(where)s.") % {"where": ", ".join(map(str, paths))},
        mend=_("Files end in: %(endings)s") % {"endings": " ".join(sorted(ENDINGS))},
    )


def _settle(file: Import, *, store: str, source: str, consent: str, **_rest: Any) -> None:
    from warmline.base.trouble import Trouble
    from warmline.core.people.models import Store

    if store:
        file.store = Store.objects.filter(code=store).first()
        if file.store is None:
            raise Trouble(_("There is no store with the code %(code)s.") % {"code": store})
    file.source = source or file.source
    file.has_consent, file.evidence = bool(consent), consent
    file.save()


def _bring_in(path: Path, file: Import, *, yes: bool, fix_dir: Path) -> bool:
    """Try it out, show what it would do, do it; whether nothing of it was refused."""
    from warmline.base import sheets
    from warmline.service.intake import checking, committing
    from warmline.service.intake.models import Import

    limits = sheets.Limits.for_operator()
    with _shown(file, _("Reading")):
        with file.move(Import.Status.CHECKING):
            pass
        checking.check(file, path=path, limits=limits)
    _tell(file)
    if file.status != Import.Status.CHECKED:
        return False
    whole = not file.counts.get("bad")
    if not whole:
        _write_fix_file(path, file, fix_dir)
    if not (file.counts.get("new") or file.counts.get("changed")):
        return whole
    if not yes and not click.confirm(_("Import the good rows?"), default=True):
        return whole
    with _shown(file, _("Importing")):
        with file.move(Import.Status.COMMITTING):
            pass
        committing.commit(file, path=path, limits=limits)
    console.print(f"✓ {_('Imported')}" if file.committed_at else f"✗ {file.why}", markup=False)
    return whole and file.status == Import.Status.COMMITTED


@contextmanager
def _shown(file: Import, words: str) -> Iterator[None]:
    """A bar that moves with the work; the work itself tells how far it is."""
    from warmline.service.intake import progress

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
    )
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task(f"{file.file_name} · {words}", total=max(file.rows, 1))
        with progress.heard(lambda done, total: bar.update(task, completed=done, total=total)):
            yield


def _tell(file: Import) -> None:
    """What the file would do, and the first of its bad rows."""
    table = Table(title=f"{file.file_name} · {file.get_kind_display()}", title_justify="left")
    for name in COUNTS:
        table.add_column(_column(name), justify="right")
    table.add_row(*(f"{file.counts.get(name, 0):,}" for name in COUNTS))
    console.print(table)
    for name, words in _remarks().items():
        if many := file.counts.get(name):
            console.print(f"· {words}: {many:,}")
    if file.why:
        console.print(f"✗ {file.why}", style="bold red", markup=False)
    bad = list(file.findings.filter(level="bad").order_by("row", "pk")[:SHOWN])
    if bad:
        rows = Table(_("Row"), _("Column"), _("What is there"), _("What is wrong"))
        for each in bad:
            rows.add_row(str(each.row), each.column, str(each.cell)[:40], each.sentence)
        console.print(rows)
    more = file.counts.get("bad", 0) - len(bad)
    if more > 0:
        console.print(_("… and %(n)s more rows.") % {"n": more})


def _remarks() -> dict[str, str]:
    return {
        "receipts": _("Receipts"),
        "of_nobody": _("Receipts of nobody we know yet"),
        "unknown_lines": _("Lines of articles that the catalogue does not know yet"),
        "second_cards": _("Second cards of one person"),
        "shared": _("Phones that two families share"),
        "not_kept": _("Babies of whom nothing is kept, for want of consent"),
    }


def _column(name: str) -> str:
    return {
        "new": _("New"),
        "changed": _("Changed"),
        "same": _("Known already"),
        "skipped": _("Left out"),
        "warned": _("To look at"),
        "bad": _("To mend"),
    }[name]


def _write_fix_file(path: Path, file: Import, folder: Path) -> None:
    from warmline.service.intake import fixing

    folder.mkdir(parents=True, exist_ok=True)
    out = folder / f"{path.stem}.fix.csv"
    with out.open("wb") as target:
        fixing.write(file, target, form="csv", path=path)
    console.print(_("The bad rows are in %(path)s: mend them and import it.") % {"path": out})


def _follow_up(files: list[Import]) -> None:
    """What follows from the files - run-outs, above all - is done before the command ends."""
    from warmline.core.journal.models import Task
    from warmline.core.journal.reacting import react_once
    from warmline.core.journal.workers import Shift
    from warmline.service.intake.signals import FamiliesBrought, FileImported

    brought = [file.pk for file in files if file.committed_at]
    kinds = (FileImported.kind, FamiliesBrought.kind)
    owed = Task.objects.filter(entry__kind__in=kinds, entry__body__file__in=brought)
    owed = owed.exclude(status=Task.Status.ASIDE)
    if not brought or not owed.exists():
        return
    with console.status(_("Foreseeing run-outs …")), Shift("import") as shift:
        while owed.exists() and react_once(shift):
            pass
