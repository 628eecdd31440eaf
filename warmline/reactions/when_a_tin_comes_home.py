"""A tin that has its own code is with a family: it feeds the run-out, once, whoever told of it."""

from warmline.core.journal.listeners import on
from warmline.core.people.models import Household
from warmline.goods.trace.models import Redemption, UnitOwner
from warmline.goods.trace.signals import UnitRegistered, UnitSold
from warmline.service.care import home_tins
from warmline.service.care.observing import rebuild


@on(UnitSold)
def count_a_sold_tin(signal: UnitSold) -> None:
    """Scanned over the counter; the receipt may come sooner, later, or without a name."""
    _count(signal.household, signal.unit, signal.product)


@on(UnitRegistered)
def count_a_registered_tin(signal: UnitRegistered) -> None:
    """The family says itself that it has it; by the code under the lid, that it opened it."""
    _count(signal.household, signal.unit, signal.product)
    home_tins.take_stock(Household.objects.get(pk=signal.household), unit=signal.unit)


def _count(household: int, unit: int, product: int) -> None:
    owner = UnitOwner.objects.filter(
        unit_id=unit, household=household, returned_at__isnull=True
    ).first()
    if owner is None:
        return  # it came back meanwhile
    family = Household.objects.select_related("store").get(pk=household)
    opened = Redemption.objects.filter(unit_id=unit, household=household).first()
    zone = family.store.zone
    changed = home_tins.note(
        family,
        unit=unit,
        product=product,
        store=owner.store_id,
        came_on=owner.sold_at.astimezone(zone).date(),
        opened_on=opened.at.astimezone(zone).date() if opened else None,
    )
    if changed:
        rebuild(changed)
