"""A tin that is being called back turns up at a family, or comes back: the recall's books follow."""

from contextlib import suppress

from django.core.exceptions import ValidationError

from warmline.core.journal.listeners import on
from warmline.goods.trace import recalls, redeeming
from warmline.goods.trace.recalled import recall_of
from warmline.goods.trace.signals import UnitRegistered, UnitReturned, UnitSold


@on(UnitSold)
def ask_after_a_sold_tin(signal: UnitSold) -> None:
    """Sold while it was being recalled: the till had no network, or both happened at one instant."""
    _join(signal.unit, was_stock=True)


@on(UnitRegistered)
def ask_after_a_registered_tin(signal: UnitRegistered) -> None:
    """Bought without a name, and registered after the recall: now we know whom to ring."""
    _join(signal.unit, was_stock=False)


def _join(unit: int, *, was_stock: bool) -> None:
    owner = redeeming.owner_of(unit)
    recall = recall_of(unit)
    if recall and owner and owner.household_id:
        recalls.join(recall, owner, was_stock=was_stock)


@on(UnitReturned)
def count_what_came_back(signal: UnitReturned) -> None:
    """A recalled tin came back over the counter: nobody has to write it down a second time."""
    recall = recall_of(signal.unit)
    if recall is None:
        return
    family = recall.families.with_unit(signal.unit).first()
    with suppress(ValidationError):  # it was written down before
        if family:
            recalls.account(family, returned=1)
        else:
            recalls.account_for_strangers(recall, back=1)
