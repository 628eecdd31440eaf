"""Which column is which: as somebody said for such heads before, else as the heads suggest."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.base.sheets import Sheet
from warmline.base.sheets.aliases import ALIASES
from warmline.base.sheets.heads import LABELS, NEEDED, is_problem_head, normal
from warmline.core.people.models import Staff
from warmline.service.intake.models import Import, SavedMapping

Columns = dict[str, int]


def fields_of(kind: str) -> list[str]:
    """All that a file of this kind may tell us, in one fixed order."""
    return list(ALIASES[kind])


def shape_of(heads: Sequence[str]) -> bytes:
    """Two files have one shape when their heads say the same, however they are written."""
    kept = [normal(head) for head in heads if not is_problem_head(head)]
    return hashlib.sha256(json.dumps(kept, ensure_ascii=False).encode()).digest()


def suggest(file: Import, sheet: Sheet, *, kind: str | None = None) -> None:
    """Fill in what the file seems to be. A saved mapping of the same heads knows better."""
    file.heads, file.sheet, file.rows = list(sheet.names), sheet.sheet, sheet.lines
    file.kind, file.columns = sheet.mapping.kind, dict(sheet.mapping.columns)
    file.looked_as = kind or ""
    saved = SavedMapping.objects.filter(shape=shape_of(sheet.names)).first()
    if saved and kind in (None, saved.kind):
        file.kind, file.source, file.numbering = saved.kind, saved.source, saved.numbering
        file.columns = {f: c for f, c in saved.columns.items() if c < len(sheet.names)}


def missing(kind: str, columns: Mapping[str, int]) -> list[str]:
    """What the table cannot do without and does not have, in words."""
    lacking = [group for group in NEEDED[kind] if not any(name in columns for name in group)]
    return [_(" or ").join(str(LABELS[name]) for name in group) for group in lacking]


@transaction.atomic
def save(file: Import, *, by: Staff | None) -> SavedMapping:
    """Remember what these heads mean."""
    meant = {
        "kind": file.kind,
        "columns": file.columns,
        "source": file.source,
        "numbering": file.numbering,
        "by": by,
        "saved_at": now(),
    }
    saved, _new = SavedMapping.objects.update_or_create(shape=shape_of(file.heads), defaults=meant)
    return saved


class Doubtful(Exception):
    """The columns cannot be meant so; the sentence is for whoever said it."""


@transaction.atomic
def say(file: Import, columns: Mapping[int, str], **facts: Any) -> None:
    """What each column means (empty: nothing), and what else has to be known of this file."""
    taken: Columns = {}
    for column, name in sorted(columns.items()):
        if not name:
            continue
        if name in taken:
            raise Doubtful(
                _("Two columns are said to be “%(name)s”. Keep one.") % {"name": LABELS[name]}
            )
        taken[name] = column
    if lacking := missing(file.kind, taken):
        raise Doubtful(_("Still needed: %(lacking)s.") % {"lacking": ", ".join(lacking)})
    file.columns = taken
    for name, fact in facts.items():
        setattr(file, name, fact)
    file.save(update_fields=["columns", *facts])
