"""A case went up the ladder: its owner is reminded, or the next one up hears of it. Many at once are
one message to each of them."""

from warmline.core.journal.listeners import on
from warmline.service.desk import telling
from warmline.service.desk.signals import CaseEscalated


@on(CaseEscalated, batch=True)
def tell_the_next_one_up(signals: list[CaseEscalated]) -> None:
    telling.tell_of_late(signals)
