"""Tins into cases and cases onto pallets, in the order of production, as the line does it.

Nobody scans 24,000 tins: the first six codes of a batch are in the first case. What leaves the line
otherwise is packed by scanning (`scanning`), or told by the line's own system.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.core.people.models import Staff
from warmline.goods.trace import batches
from warmline.goods.trace.epcis.documents import Json
from warmline.goods.trace.models import CodeBatch, Place
from warmline.goods.trace.own_events import moment, tell

PER_CAPTURE = 200
PER_MAX = 1_000
GOES_INTO = {
    CodeBatch.Level.CASE: CodeBatch.Level.UNIT,
    CodeBatch.Level.PALLET: CodeBatch.Level.CASE,
}


def fill(
    outer: CodeBatch,
    inner: CodeBatch,
    *,
    per: int,
    place: Place | None = None,
    at: datetime | None = None,
    by: Staff | None = None,
) -> int:
    """Put so many of `inner` into each of `outer`, from where it was left; how many were filled.

    Only what is active is packed, and the last case may hold fewer.
    """
    if not 1 <= per <= PER_MAX:
        raise ValidationError({"per": _("One to %(most)s in each.") % {"most": PER_MAX}})
    at = at or now()
    with transaction.atomic():
        locked = {
            b.pk: b
            for b in CodeBatch.objects.select_for_update()
            .filter(pk__in=[outer.pk, inner.pk])
            .order_by("pk")
        }
        outer, inner = locked[outer.pk], locked[inner.pk]
        if (
            GOES_INTO.get(CodeBatch.Level(outer.level)) != inner.level
            or outer.lot_id != inner.lot_id
        ):
            raise ValidationError(_("Tins of a lot go into its cases, and cases onto its pallets."))
        if CodeBatch.Status.VOID in (outer.status, inner.status):
            raise ValidationError(_("This batch is void."))
        wanted = -(-(inner.active - inner.packed) // per)
        count = min(wanted, outer.active - outer.filled)
        if count <= 0:
            raise ValidationError(_("Nothing is left to pack, or no more cases are active."))
        first = inner.packed
        last = min(inner.active, first + count * per)
        _tell(outer, outer.filled, count, _uris(inner, first, last - first), per, place, at, by)
        outer.filled += count
        inner.packed = last
        outer.save(update_fields=["filled"])
        inner.save(update_fields=["packed"])
    return count


def _uris(batch: CodeBatch, first: int, count: int) -> list[str]:
    return [uri for _index, uri in batches.codes(batch, first=first, count=count)]


def _tell(
    outer: CodeBatch,
    begun: int,
    count: int,
    children: list[str],
    per: int,
    place: Place | None,
    at: datetime,
    by: Staff | None,
) -> None:
    plain: Json = {
        "type": "AggregationEvent",
        **moment(at),
        "action": "ADD",
        "bizStep": "packing",
        "disposition": "container_closed",
    }
    if place:
        plain["readPoint"] = plain["bizLocation"] = {"id": place.uri}
    events = [
        plain | {"parentID": parent, "childEPCs": children[n * per : (n + 1) * per]}
        for n, parent in enumerate(_uris(outer, begun, count))
    ]
    for n in range(0, len(events), PER_CAPTURE):
        tell(events[n : n + PER_CAPTURE], by=by)
