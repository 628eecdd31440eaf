"""Partners told us something: whoever asked to hear of it will, and odd ways are looked at."""

from warmline.core.journal.listeners import on
from warmline.goods.trace import subscribing
from warmline.goods.trace.signals import EventsCaptured


@on(EventsCaptured)
def tell_the_subscribers(signal: EventsCaptured) -> None:
    subscribing.hear(signal.first, signal.last)
