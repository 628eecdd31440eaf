"""Whether a unit is being recalled: by its lot, or by the run of codes it stands in.

A recall freezes at the moment it is declared: nothing has to be written on each tin. Closing it ends
the work and not the freeze; only a false alarm, withdrawn, lets its tins be sold again.
"""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from warmline.base.composed import composed
from warmline.goods.trace import knowing, numbers
from warmline.goods.trace.models import Recall, RecallScope, Unit

Claim = tuple[bool, int]  # whether a recall is still at work, and its number
CLAIM = ("recall__status", "recall_id")
NOBODYS: Claim = (False, 0)


def is_recalled(unit_ids: Iterable[int], units: Mapping[int, Unit]) -> dict[int, int]:
    """The recall that holds each of these, for those that one holds. Of several it is the newest that is
    still at work: whoever comes back with the tin is counted there, and not where the work is over."""
    wanted = list(unit_ids)
    if not wanted or not _any_running():
        return {}
    running = _running()
    lots = {unit: _lot(unit, units) for unit in wanted}
    by_lot: dict[int, Claim] = {}
    for lot, *claim in running.filter(lot_id__in={lot for lot in lots.values() if lot}).values_list(
        "lot_id", *CLAIM
    ):
        by_lot[lot] = max(by_lot.get(lot, NOBODYS), _claim(*claim))
    runs = running.filter(last_unit__gte=min(wanted), first_unit__lte=max(wanted))
    by_run = [
        (first, last, _claim(*claim))
        for first, last, *claim in runs.values_list("first_unit", "last_unit", *CLAIM)
    ]
    found = {}
    for unit in wanted:
        claims = [claim for first, last, claim in by_run if first <= unit <= last]
        _is_open, recall = max([by_lot.get(lots[unit] or 0, NOBODYS), *claims])
        if recall:
            found[unit] = recall
    return found


def recall_of(unit_id: int) -> Recall | None:
    """The recall that holds this one, if one does."""
    if not _any_running():
        return None
    units = {unit.pk: unit for unit in Unit.objects.filter(pk=unit_id)}
    pk = is_recalled([unit_id], units).get(unit_id)
    return Recall.objects.get(pk=pk) if pk else None


def _claim(status: str, recall: int) -> Claim:
    return status == Recall.Status.DECLARED, recall


def _running() -> QuerySet[RecallScope]:
    frozen = [Recall.Status.DECLARED, Recall.Status.CLOSED]
    return RecallScope.objects.filter(recall__status__in=frozen, recall__is_drill=False)


@composed
def _any_running() -> QuerySet[RecallScope, tuple[int]]:
    return _running().values_list("pk")[:1]


def _lot(unit_id: int, units: Mapping[int, Unit]) -> int | None:
    unit = units.get(unit_id)
    if unit and unit.lot_id:
        return unit.lot_id
    if numbers.is_foreign(unit_id):
        return None
    batch = knowing.batch_numbered(numbers.batch_of(unit_id))
    return batch.lot if batch else None
