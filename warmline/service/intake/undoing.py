"""Taking a file back: exactly what it made goes, what it changed is put back - if nothing has been
built on it since."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils.translation import gettext_noop as _

from warmline.base.clock import now
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.service.intake.checking import Refused, bulk
from warmline.service.intake.kinds import sales
from warmline.service.intake.models import Change, FilePart, Import
from warmline.service.intake.running import BATCH, plain
from warmline.service.intake.signals import FileUndone, UndoAsked

BUILT_UPON = _("It cannot be taken back: {what} have come since and stand on it.")
EDITED = _("It cannot be taken back: {rows} of its rows have been edited since.")
# What the house works out by itself from these rows goes with them.
DERIVED = {"people.StoreDay"}
HOUSEHOLDS = 250  # as many as are followed up in a moment

Table = type[models.Model]


@transaction.atomic
def ask(file: Import, *, by: Staff | None) -> None:
    with file.move(Import.Status.UNDOING):
        file.reason, file.facts = "", {}
        record(UndoAsked(file=file.pk), by=by)


def undo(file: Import) -> None:
    """All of it or nothing; why nothing is said on the file."""
    with bulk():
        try:
            with transaction.atomic():
                families = _take_back(file)
        except Refused as refused:
            with file.move(Import.Status.COMMITTED):
                file.reason, file.facts = refused.reason, refused.facts
            return
        with file.move(Import.Status.UNDONE):
            file.undone_at = now()
        FilePart.objects.filter(of=file).delete()
        for batch in _batches(families, HOUSEHOLDS) or [[]]:
            record(FileUndone(file=file.pk, what=file.kind, households=batch), by=file.by)


def _take_back(file: Import) -> list[int]:
    if file.kind == "sales":
        return sales.take_back(file)
    made, amended = _changes(file)
    _check_nothing_stands_on(made)
    _put_back(amended)
    for model, ids in made.items():
        _remove(model, ids)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    Change.objects.filter(of=file).delete()
    return []


def _changes(file: Import) -> tuple[dict[Table, list[int]], list[tuple[Table, int, Any]]]:
    made: defaultdict[Table, list[int]] = defaultdict(list)
    amended: list[tuple[Table, int, Any]] = []
    for change in Change.objects.filter(of=file).order_by("-pk").iterator(chunk_size=BATCH):
        model = apps.get_model(change.table)
        if change.was:
            amended.append((model, change.row_id, json.loads(str(change.was))))
        else:
            made[model].append(change.row_id)
    return made, amended


def _check_nothing_stands_on(made: dict[Table, list[int]]) -> None:
    """Calls, promises, receipts, notes … of families that came with the file keep them here."""
    found: Counter[str] = Counter()
    for model, ids in made.items():
        for relation in model._meta.related_objects:
            other, name = relation.related_model, relation.field.attname
            if other._meta.label in DERIVED or other._meta.app_label == "intake":
                continue
            ours = set(made.get(other, ()))
            for batch in _batches(ids, BATCH):
                rows = other._base_manager.filter(**{f"{name}__in": batch}).order_by()
                many = sum(pk not in ours for pk in rows.values_list("pk", flat=True))
                found[str(other._meta.verbose_name_plural)] += many
    if +found:
        what = ", ".join(f"{many} {name}" for name, many in (+found).items())
        raise Refused(BUILT_UPON, {"what": what})


def _put_back(amended: list[tuple[Table, int, Any]]) -> None:
    """Newest first, so that a row that was changed twice ends as it was."""
    edited = 0
    for model, pk, was in amended:
        row: Any = model._base_manager.filter(pk=pk).first()
        if row is None or any(plain(getattr(row, f)) != after for f, (_b, after) in was.items()):
            edited += 1
            continue
        for name, (before, _after) in was.items():
            setattr(row, name, _value(row._meta.get_field(name), before))
        row.save(update_fields=list(was))
    if edited:
        raise Refused(EDITED, {"rows": edited})


def _remove(model: Table, ids: list[int]) -> None:
    """Straight out of the table: nothing stands on these rows, and consents of this file alone may
    be struck out by the database's own function."""
    with connection.cursor() as cursor:
        for batch in _batches(ids, BATCH):
            if model._meta.label == "people.Consent":
                cursor.execute("SELECT intake_strike_consents(%s)", [batch])
                continue
            for relation in model._meta.related_objects:
                if relation.related_model._meta.label in DERIVED:
                    theirs = relation.related_model._base_manager
                    rows = theirs.filter(**{f"{relation.field.attname}__in": batch})
                    rows._raw_delete(rows.db)
            rows = model._base_manager.filter(pk__in=batch)
            rows._raw_delete(rows.db)


def _batches(values: Iterable[int], size: int) -> list[list[int]]:
    kept = list(values)
    return [kept[n : n + size] for n in range(0, len(kept), size)]


def _value(field: Any, before: Any) -> Any:
    if before is None:
        return None
    if isinstance(field, models.BinaryField) and not hasattr(field, "place"):
        return bytes.fromhex(before)
    return field.to_python(before)
