"""Whether a unit is being recalled: by its lot, or by the run of codes it stands in.

A recall freezes at the moment it is declared: nothing has to be written on each tin. Closing it ends
the work and not the freeze; only a false alarm, withdrawn, lets its tins be sold again.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from warmline.base import sql
from warmline.goods.trace import knowing, numbers
from warmline.goods.trace.models import Recall, Unit

SQL = Path(__file__).parent / "sql"


def is_recalled(unit_ids: Iterable[int], units: Mapping[int, Unit]) -> dict[int, int]:
    """The recall that holds each of these, for those that one holds."""
    wanted = list(unit_ids)
    lots = [_lot(unit, units) for unit in wanted]
    return dict(sql.run(SQL / "recalled.sql", {"units": wanted, "lots": lots})) if wanted else {}


def recall_of(unit_id: int) -> Recall | None:
    """The recall that holds this one, if one does."""
    units = {unit.pk: unit for unit in Unit.objects.filter(pk=unit_id)}
    pk = is_recalled([unit_id], units).get(unit_id)
    return Recall.objects.get(pk=pk) if pk else None


def _lot(unit_id: int, units: Mapping[int, Unit]) -> int | None:
    unit = units.get(unit_id)
    if unit and unit.lot_id:
        return unit.lot_id
    if numbers.is_foreign(unit_id):
        return None
    batch = knowing.batch_numbered(numbers.batch_of(unit_id))
    return batch.lot if batch else None
