"""Partners told us something: whoever asked to hear of it will, and odd ways are looked at."""

from warmline.core.journal.listeners import on
from warmline.goods.trace import diverting, subscribing
from warmline.goods.trace.signals import EventsCaptured, UnitSold


@on(EventsCaptured)
def tell_the_subscribers(signal: EventsCaptured) -> None:
    subscribing.hear(signal.job, signal.first, signal.last)


@on(EventsCaptured)
def look_for_diversion(signal: EventsCaptured) -> None:
    diverting.look_at(signal.first, signal.last)


@on(UnitSold)
def look_at_the_case(signal: UnitSold) -> None:
    diverting.look_at_case(signal.unit)
