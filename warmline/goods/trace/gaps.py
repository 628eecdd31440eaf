"""Where a step is missing: sold and never read in, shipped and never received, opened and never sold."""

from datetime import timedelta

from django.db.models import Q, QuerySet

from warmline.base.clock import now
from warmline.goods.trace import naming
from warmline.goods.trace.epcis.words import full
from warmline.goods.trace.models import Oddity, Redemption, Unit, UnitOwner, Word

TRANSIT_DAYS = 14


def shipped_never_received(*, days: int = TRANSIT_DAYS, limit: int = 500) -> list[Unit]:
    """On the road for longer than any road is; of a pallet and what is on it, the pallet."""
    travelling = on_the_road()
    late = travelling.filter(state_time__lt=now() - timedelta(days=days))
    by_itself = Q(parent_id__isnull=True) | ~Q(parent_id__in=travelling.values("unit_id"))
    return list(late.filter(by_itself).order_by("state_time")[:limit])


def on_the_road() -> QuerySet[Unit]:
    """Whatever was last said to be in transit. By its number: the planner knows how rare that is."""
    number = naming.number_of(Word, full("in_transit", "disposition"))
    return Unit.objects.none() if number is None else Unit.objects.filter(disposition=number)


def sold_never_scanned(*, limit: int = 500) -> list[Oddity]:
    """Sold in a shop that never read it in (R3)."""
    return list(Oddity.objects.filter(rule="R3").order_by("-at")[:limit])


def redeemed_never_sold(*, limit: int = 500) -> list[UnitOwner]:
    """A family opened it, and no till ever sold it."""
    opened = Redemption.objects.values("unit_id")
    rows = UnitOwner.objects.filter(
        unit_id__in=opened, sale_id__isnull=True, document_no="", by=None
    )
    return list(rows.order_by("-sold_at")[:limit])
