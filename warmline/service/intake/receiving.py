"""A file arrives: looked at by the limited child, its columns guessed, and kept sealed."""

from datetime import timedelta
from pathlib import Path

from django.db import transaction

from warmline.base import sheets
from warmline.base.clock import now
from warmline.base.sheets.heads import guess
from warmline.core.people.models import Staff
from warmline.service.intake import keeping, mapping
from warmline.service.intake.models import FilePart, Import

KEPT_DAYS = 30  # then nobody comes back for the rows to mend


def receive(
    path: Path,
    *,
    name: str,
    by: Staff | None,
    kind: str | None = None,
    limits: sheets.Limits | None = None,
    keep: bool = True,
) -> Import:
    """An import that has been asked nothing yet; Unreadable when it is no table.

    `keep` is for files that somebody uploads; one on the operator's own disk stays where it is.
    """
    sheet = sheets.look(path, kind=kind, limits=limits)
    file = Import(
        file_name=name[-200:], sha256=keeping.digest(path), size=path.stat().st_size, by=by
    )
    mapping.suggest(file, sheet, kind=kind)
    with transaction.atomic():
        clear_away()
        file.save()
        if keep:
            keeping.keep(file, keeping.blocks_of(path))
    return file


def twins(file: Import) -> list[Import]:
    """Other imports of this very file that are in: all of it will be known already."""
    same = Import.objects.filter(sha256=bytes(file.sha256), status=Import.Status.COMMITTED)
    return list(same.exclude(pk=file.pk).order_by("-committed_at")[:3])


@transaction.atomic
def choose_kind(file: Import, kind: str) -> None:
    """It is another sort of table than it seemed: guess its columns anew."""
    file.kind = kind
    file.columns = dict(guess(kind, file.heads).columns)
    file.save(update_fields=["kind", "columns"])


def clear_away() -> None:
    """Files that wait no longer for anybody: what they held is imported, or nobody wanted it."""
    old = FilePart.objects.filter(of__created_at__lt=now() - timedelta(days=KEPT_DAYS))
    old.delete()
