"""Codes from plan to shelf: a lot's batch is planned, printed, and activated as tins leave the line.

Activation writes what the standard asks for: commissioning events with the lot's master data, and
packing events for cases and pallets, through the same capture as every partner's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.core.journal.models import Entry
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.goods.trace import knowing, numbers
from warmline.goods.trace.epcis.documents import Json
from warmline.goods.trace.identity.keys import gtin14
from warmline.goods.trace.identity.serials import INDEX_MAX
from warmline.goods.trace.models import (
    CodeBatch,
    CompanyPrefix,
    Lot,
    Party,
    Place,
    ScanCount,
    Unit,
    UnitOwner,
)
from warmline.goods.trace.own_events import moment, tell
from warmline.goods.trace.signals import CodesHandedOut

PER_EVENT = 200
PER_CAPTURE = 50


@transaction.atomic
def plan(
    lot: Lot,
    *,
    size: int,
    level: str = CodeBatch.Level.UNIT,
    planned_for: Party | None = None,
    by: Staff | None = None,
) -> CodeBatch:
    """Reserve so many codes for a lot. Cases and pallets get SSCCs under our own prefix."""
    if not 0 < size <= INDEX_MAX:
        raise ValidationError(_("A batch has 1 to %(most)s codes.") % {"most": f"{INDEX_MAX:,}"})
    gtin14(lot.gtin)
    batch = CodeBatch(
        lot=lot,
        level=level,
        size=size,
        quarter=numbers.this_quarter(),
        planned_for=planned_for,
        by=by,
    )
    if level != CodeBatch.Level.UNIT:
        batch.first_sscc = _next_sscc(size)
    batch.save()
    return batch


def _next_sscc(size: int) -> int:
    """The next free run of serial references under our company prefix, extension digit 0."""
    ours = CompanyPrefix.objects.select_for_update().filter(is_ours=True).order_by("pk").first()
    if ours is None:
        raise ValidationError(_("Head office has to say its GS1 company prefix first."))
    room = 10 ** (16 - len(ours.prefix))
    low = int(ours.prefix) * room
    taken = CodeBatch.objects.filter(first_sscc__gte=low, first_sscc__lt=low + room)
    last = taken.order_by("-first_sscc").first()
    first = low if last is None or last.first_sscc is None else last.first_sscc + last.size
    if first + size > low + room:
        raise ValidationError(_("The prefix has no more room for so many pallet codes."))
    return first


def mark_printed(batch: CodeBatch, *, by: Staff | None = None) -> None:
    """The print shop has its list."""
    with batch.move(CodeBatch.Status.PRINTED):
        batch.printed_at, batch.printed_by = now(), by


def hand_out(batch: CodeBatch, *, by: Staff) -> None:
    """Whoever takes the list can register its tins: each time is written down."""
    with transaction.atomic():
        if batch.status == CodeBatch.Status.PLANNED:
            mark_printed(batch, by=by)
        record(CodesHandedOut(batch=batch.pk), by=by)


def takers(batch: CodeBatch, *, limit: int = 20) -> list[tuple[datetime, str]]:
    """When the list was taken, and by whom; the latest first."""
    told = Entry.objects.filter(kind=CodesHandedOut.kind, body__batch=batch.pk)
    rows = list(told.order_by("-at", "-pk").values_list("at", "by_id")[:limit])
    people = Staff.objects.in_bulk([by for _at, by in rows if by])
    return [(at, people[by].name if by in people else "") for at, by in rows]


def void(batch: CodeBatch, *, reason: str, by: Staff | None = None) -> None:
    """None of these codes holds any more. Of what families have, the codes are not taken away."""
    first, past = batch.base, batch.base + batch.size
    theirs = UnitOwner.objects.filter(
        unit_id__gte=first, unit_id__lt=past, returned_at__isnull=True
    )
    if theirs.exists():
        raise ValidationError(
            _("Families have some of this batch: call it back instead, so that they are told.")
        )
    batch.void(reason, by=by)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is: printed, on goods, in the shops, at home."""

    size: int
    active: int
    packed: int
    filled: int
    sold: int
    returned: int
    gone: int
    looked_up: int

    @property
    def in_stock(self) -> int:
        return self.active - self.sold - self.gone


def progress(batch: CodeBatch) -> Progress:
    """Counted from the units themselves."""
    run = {"unit_id__gte": batch.base, "unit_id__lt": batch.base + batch.size}
    states = dict(
        Unit.objects.filter(**run).values_list("state").annotate(n=Count("pk")).order_by()
    )
    gone = states.get(Unit.State.DESTROYED, 0) + states.get(Unit.State.CONSUMED, 0)
    return Progress(
        size=batch.size,
        active=batch.active,
        packed=batch.packed,
        filled=batch.filled,
        sold=states.get(Unit.State.SOLD, 0),
        returned=states.get(Unit.State.RETURNED, 0),
        gone=gone,
        looked_up=ScanCount.objects.filter(**run).count(),
    )


def codes(
    batch: CodeBatch, *, first: int = 0, count: int | None = None
) -> Iterator[tuple[int, str]]:
    """Index and canonical name of a run of codes, in production order."""
    known = knowing.batch_numbered(batch.pk)
    assert known is not None
    until = batch.size if count is None else min(batch.size, first + count)
    for start in range(first, until, 10_000):
        yield from knowing.names_in(known, start, min(until, start + 10_000))


def activate(
    batch: CodeBatch,
    *,
    upto: int | None = None,
    line: Place | None = None,
    at: datetime | None = None,
    by: Staff | None = None,
) -> int:
    """These codes are on tins now: the first `upto` of the batch. How many are new."""
    at = at or now()
    with transaction.atomic():
        batch = (
            CodeBatch.objects.select_for_update(of=("self",)).select_related("lot").get(pk=batch.pk)
        )
        if batch.status not in (CodeBatch.Status.ACTIVE, *_before_active()):
            raise ValidationError(_("This batch is void."))
        until = min(batch.size, batch.size if upto is None else upto)
        begun = batch.active
        if until <= begun:
            return 0
        events = list(_commissioning(batch, begun, until, line, at))
        for n in range(0, len(events), PER_CAPTURE):
            tell(events[n : n + PER_CAPTURE], by=by)
        batch.active, batch.status = until, CodeBatch.Status.ACTIVE
        batch.save(update_fields=["active", "status"])
    return until - begun


def _before_active() -> tuple[str, ...]:
    return (CodeBatch.Status.PLANNED, CodeBatch.Status.PRINTED)


def _commissioning(
    batch: CodeBatch, begun: int, until: int, line: Place | None, at: datetime
) -> Iterator[Json]:
    names = [uri for _index, uri in codes(batch, first=begun, count=until - begun)]
    for n in range(0, len(names), PER_EVENT):
        event: Json = {
            "type": "ObjectEvent",
            **moment(at),
            "epcList": names[n : n + PER_EVENT],
            "action": "ADD",
            "bizStep": "commissioning",
            "disposition": "active",
        }
        if line:
            event["readPoint"] = {"id": line.uri}
        if ilmd := master_data(batch.lot) if batch.lot else {}:
            event["ilmd"] = ilmd
        yield event


def master_data(lot: Lot) -> dict[str, str]:
    """What a lot's tins say of themselves when they are born."""
    said = {"cbvmda:lotNumber": lot.number}
    if lot.expires_on:
        said["cbvmda:itemExpirationDate"] = lot.expires_on.isoformat()
    return said
