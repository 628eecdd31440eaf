"""Whether a unit is being recalled: by its lot, or by the run of codes it stands in.

A recall freezes at the moment it is declared: nothing has to be written on each tin. Closing it ends
the work and not the freeze; only a false alarm, withdrawn, lets its tins be sold again.
"""

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from warmline.base.composed import composed
from warmline.goods.trace import knowing, numbers
from warmline.goods.trace.models import Recall, RecallScope, Unit


def is_recalled(unit_ids: Iterable[int], units: Mapping[int, Unit]) -> dict[int, int]:
    """The recall that holds each of these, for those that one holds."""
    wanted = list(unit_ids)
    if not wanted or not _any_running():
        return {}
    running = _running()
    lots = {unit: _lot(unit, units) for unit in wanted}
    by_lot = dict(
        running.filter(lot_id__in={lot for lot in lots.values() if lot}).values_list(
            "lot_id", "recall_id"
        )
    )
    runs = running.filter(Q(last_unit__gte=min(wanted), first_unit__lte=max(wanted))).values_list(
        "first_unit", "last_unit", "recall_id"
    )
    listed = list(runs)
    found = {}
    for unit in wanted:
        lot = lots[unit]
        if lot in by_lot:
            found[unit] = by_lot[lot]
            continue
        for first, last, recall in listed:
            if first is not None and last is not None and first <= unit <= last:
                found[unit] = recall
    return found


def recall_of(unit_id: int) -> Recall | None:
    """The recall that holds this one, if one does."""
    if not _any_running():
        return None
    units = {unit.pk: unit for unit in Unit.objects.filter(pk=unit_id)}
    pk = is_recalled([unit_id], units).get(unit_id)
    return Recall.objects.get(pk=pk) if pk else None


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
