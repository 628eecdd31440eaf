"""What is to be said of a unit: whether it may be sold, and what a family may trust.

Unknown is not a fake: imported tins and other makers' may simply never have been told to us.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from warmline.base.clock import today
from warmline.base.composed import composed
from warmline.goods.trace import holding, knowing, numbers
from warmline.goods.trace.models import CodeBatch, Lot, Unit, UnitOwner
from warmline.goods.trace.recalled import is_recalled


class Word(TextChoices):
    """In the order of their weight."""

    UNKNOWN = "unknown", _("We know nothing of this code.")
    VOID = "void", _("This code was withdrawn.")
    NOT_ACTIVE = "not_active", _("This code was printed and never put on a product.")
    DESTROYED = "destroyed", _("This product was destroyed.")
    RECALLED = "recalled", _("This product is being recalled: please do not use it.")
    HELD = "held", _("This lot is being checked: it is not sold for now.")
    EXPIRED = "expired", _("This product is past its last day.")
    SOLD = "sold", _("This product was sold before.")
    GENUINE = "genuine", _("This product is known and may be sold.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The word, and what stands behind it."""

    word: Word
    unit: Unit | None = None
    lot: Lot | None = None
    owner: UnitOwner | None = None
    recall: int | None = None

    @property
    def sentence(self) -> str:
        return str(self.word.label)

    @property
    def may_be_sold(self) -> bool:
        return self.word == Word.GENUINE


def verdict(unit_id: int | None, *, on: date | None = None) -> Verdict:
    """What to say of one unit."""
    return verdicts([unit_id], on=on)[unit_id] if unit_id is not None else Verdict(Word.UNKNOWN)


def verdicts(unit_ids: Iterable[int], *, on: date | None = None) -> dict[int, Verdict]:
    """The same for many, in a handful of statements."""
    wanted, on = list(unit_ids), on or today()
    units = {u.unit_id: u for u in _each(_unit, _units, wanted)}
    ours = {numbers.batch_of(u) for u in wanted if not numbers.is_foreign(u)}
    batches = {b.pk: b for b in _each(_batch, _batches, ours)}
    of_units = {u.lot_id for u in units.values() if u.lot_id}
    of_batches = {b.lot_id for b in batches.values() if b.lot_id}
    lots = {lot.pk: lot for lot in _each(_lot, _lots, of_units | of_batches)}
    owners = {o.unit_id: o for o in _each(_owner, _owners, wanted)}
    recalls, holds = is_recalled(wanted, units), holding.held(lots)
    found = {}
    for unit_id in wanted:
        unit = units.get(unit_id)
        batch = None if numbers.is_foreign(unit_id) else batches.get(numbers.batch_of(unit_id))
        lot = lots.get(unit.lot_id) if unit and unit.lot_id else None
        if lot is None and batch and batch.lot_id:
            lot = lots.get(batch.lot_id)
        owner, recall = owners.get(unit_id), recalls.get(unit_id)
        word = _word(unit_id, unit, batch, lot, owner, recall, holds, on)
        found[unit_id] = Verdict(word, unit, lot, owner, recall)
    return found


Row = TypeVar("Row")


def _each(
    one: Callable[[int], list[Row]], many: Callable[[list[int]], Iterable[Row]], keys: Iterable[int]
) -> Iterable[Row]:
    """One is asked for by each page of a tin: its question is composed once."""
    wanted = list(keys)
    return one(wanted[0]) if len(wanted) == 1 else many(wanted) if wanted else []


def _units(ids: list[int]) -> QuerySet[Unit]:
    return Unit.objects.filter(unit_id__in=ids)


def _batches(ids: list[int]) -> QuerySet[CodeBatch]:
    return CodeBatch.objects.filter(pk__in=ids)


def _lots(ids: list[int]) -> QuerySet[Lot]:
    return Lot.objects.filter(pk__in=ids).select_related("product")


def _owners(ids: list[int]) -> QuerySet[UnitOwner]:
    return UnitOwner.objects.filter(unit_id__in=ids, returned_at__isnull=True)


@composed
def _unit(unit_id: int) -> QuerySet[Unit]:
    return Unit.objects.filter(unit_id=unit_id)


@composed
def _batch(pk: int) -> QuerySet[CodeBatch]:
    return CodeBatch.objects.filter(pk=pk)


@composed
def _lot(pk: int) -> QuerySet[Lot]:
    return Lot.objects.filter(pk=pk).select_related("product")


@composed
def _owner(unit_id: int) -> QuerySet[UnitOwner]:
    return UnitOwner.objects.filter(unit_id=unit_id, returned_at__isnull=True)


def _word(
    unit_id: int,
    unit: Unit | None,
    batch: CodeBatch | None,
    lot: Lot | None,
    owner: UnitOwner | None,
    recall: int | None,
    holds: Mapping[int, int],
    on: date,
) -> Word:
    if batch is None and unit is None:
        return Word.UNKNOWN
    if batch and batch.status == CodeBatch.Status.VOID:
        return Word.VOID
    if batch and unit is None and numbers.index_of(unit_id) >= batch.active:
        return Word.NOT_ACTIVE
    if unit and unit.state in (Unit.State.DESTROYED, Unit.State.CONSUMED):
        return Word.DESTROYED
    if recall is not None or (unit and unit.flags & Unit.RECALLED):
        return Word.RECALLED
    if lot and lot.pk in holds:
        return Word.HELD
    if lot and lot.expires_on and lot.expires_on < on:
        return Word.EXPIRED
    if owner or (unit and unit.state == Unit.State.SOLD):
        return Word.SOLD
    return Word.GENUINE


def of_code(uri: str, *, on: date | None = None) -> tuple[int | None, Verdict]:
    """The unit behind a canonical name, and what to say of it; one never heard of is unknown."""
    unit_id = knowing.unit_named(uri)
    return unit_id, verdict(unit_id, on=on)
