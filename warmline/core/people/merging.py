"""Merging: two records turn out to be one family. Every row moves, and all of it can be undone.

Which tables carry a household is asked of Django, so that a service that comes later is moved too.
The journal stays as it was written: whoever reads it asks for `also_known_as`.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.journal.recording import record
from warmline.core.people import searching
from warmline.core.people.models import Household, Merge, Staff
from warmline.core.people.signals import FamiliesMerged

SQL = Path(__file__).parent / "sql"
COLUMN = "household_id"
OWNER = {"household", COLUMN}
HISTORY = {"journal_entry"}  # what happened, happened to whom it says
LATEST = ("tier", "last_contact_at", "last_sale_on", "complained_at")  # of the two, the larger
EARLIEST = ("joined_on",)


def also_known_as(household: int) -> list[int]:
    """The numbers by which the journal knows this family: its own, and all that it absorbed."""
    return [row[0] for row in sql.run(SQL / "also_known_as.sql", {"household": household})]


@transaction.atomic
def merge(kept: Household, merged: Household, *, by: Staff | None = None) -> Merge:
    """They are one family: everything of `merged` is of `kept` from now on.

    A row that `kept` has already (a forecast for the same goods) stays where it is, out of sight,
    and whoever hears the signal makes one of two.
    """
    kept, merged = _locked(kept, merged)
    if kept.pk == merged.pk:
        raise ValidationError(_("This is one family already."))
    if kept.merged_into_id or merged.merged_into_id:
        raise ValidationError(_("One of these families was merged before."))
    found = {model: _rows(model, kept.pk, merged.pk) for model in tables()}
    for model, ids in found.items():
        model._base_manager.filter(pk__in=ids).update(household_id=kept.pk)
    done = Merge.objects.create(
        kept=kept,
        merged=merged,
        by=by,
        moved={model._meta.db_table: ids for model, ids in found.items() if ids},
        was=_take_over(kept, merged),
    )
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    _tell(done, undone=False, by=by)
    return done


@transaction.atomic
def undo(done: Merge, *, by: Staff | None = None) -> None:
    """They are two families after all: what moved moves back; what came since then stays."""
    kept, merged = _locked(done.kept, done.merged)
    done = Merge.objects.select_for_update().get(pk=done.pk)
    if done.undone_at:
        raise ValidationError(_("This merge was undone before."))
    if _later(done).exists():
        raise ValidationError(_("Undo the later merge of this family first."))
    for model in tables():
        ids = done.moved.get(model._meta.db_table, [])
        model._base_manager.filter(pk__in=ids, household_id=kept.pk).update(household_id=merged.pk)
    _give_back(kept, merged, was=done.was)
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    done.undone_at = now()
    done.save(update_fields=["undone_at"])
    _tell(done, undone=True, by=by)


def tables() -> Iterator[type[models.Model]]:
    """Every table whose rows are of a household."""
    for model in apps.get_models():
        columns = {field.column for field in model._meta.local_concrete_fields}
        if COLUMN in columns and model._meta.managed and model._meta.db_table not in HISTORY:
            yield model


def _rows(model: type[models.Model], kept: int, merged: int) -> list[int]:
    """The rows that move: found by their household, or, where a table is too large to be searched
    for it (the lines of all receipts), by the row that they belong to."""
    rows = model._base_manager.filter(household_id=merged)
    if not _is_indexed(model) and (owner := _owner(model)):
        rows = rows.filter(**{f"{owner}__{COLUMN}": merged})
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and OWNER & set(rule.fields):
            rows = rows.exclude(_has_a_twin(model, rule, kept))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _is_indexed(model: type[models.Model]) -> bool:
    rules = [*model._meta.indexes, *model._meta.constraints]
    firsts = {next(iter(getattr(rule, "fields", ())), "") for rule in rules}
    column = next(f for f in model._meta.local_concrete_fields if f.column == COLUMN)
    return bool(getattr(column, "db_index", False) or OWNER & firsts)


def _owner(model: type[models.Model]) -> str | None:
    """The foreign key to another table that carries the household, if there is one."""
    carriers = set(tables()) - {Household}
    keys = (f for f in model._meta.local_concrete_fields if isinstance(f, models.ForeignKey))
    return next((key.name for key in keys if key.related_model in carriers), None)


def _has_a_twin(model: type[models.Model], rule: models.UniqueConstraint, kept: int) -> Q:
    """Whether the family that stays has a row that this one may not stand beside."""
    same = {field: OuterRef(field) for field in rule.fields if field not in OWNER}
    condition = rule.condition or Q()
    return Q(Exists(model._base_manager.filter(condition, household_id=kept, **same))) & condition


def _take_over(kept: Household, merged: Household) -> dict[str, Any]:
    """The latest contact of either is the family's; what `kept` said before is remembered."""
    was: dict[str, Any] = {}
    for field in (*LATEST, *EARLIEST):
        mine, theirs = getattr(kept, field), getattr(merged, field)
        both = [value for value in (mine, theirs) if value is not None]
        best = (min if field in EARLIEST else max)(both, default=None)
        if best != mine:
            was[field] = _plain(mine)
            setattr(kept, field, best)
    kept.save(update_fields=list(was))
    return was


def _give_back(kept: Household, merged: Household, *, was: dict[str, Any]) -> None:
    """What `kept` had from `merged` it loses again, unless something newer came since."""
    for field, value in was.items():
        if getattr(kept, field) == getattr(merged, field):
            column = Household._meta.get_field(field)
            assert isinstance(column, models.Field)
            setattr(kept, field, column.to_python(value))
    kept.save(update_fields=list(was))


def _later(done: Merge) -> models.QuerySet[Merge]:
    """Merges since then that involve the family that stayed."""
    involved = Q(kept=done.kept_id) | Q(merged=done.kept_id)
    return Merge.objects.filter(involved, pk__gt=done.pk, undone_at__isnull=True)


def _tell(done: Merge, *, undone: bool, by: Staff | None) -> None:
    searching.follow([done.kept_id, done.merged_id])
    told = FamiliesMerged(
        household=done.kept_id, store=done.kept.store_id, merged=done.merged_id, undone=undone
    )
    record(told, by=by)


def _locked(*households: Household) -> list[Household]:
    """Both rows, locked in the order of their numbers: two merges cannot wait for each other."""
    rows = Household.objects.select_for_update(of=("self",)).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[h.pk for h in households])}
    return [found[h.pk] for h in households]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
