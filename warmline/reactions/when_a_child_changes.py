"""A baby was born, added or fed differently: what we foresaw for the family is made anew."""

from warmline.core.journal.listeners import on
from warmline.core.people.signals import ChildChanged, FamiliesMerged
from warmline.service.care.foreseeing import foresee_anew
from warmline.service.care.observing import rebuild


@on(ChildChanged, batch=True)
def foresee_its_needs_anew(signals: list[ChildChanged]) -> None:
    foresee_anew({signal.household for signal in signals})


@on(FamiliesMerged, batch=True)
def learn_from_both_histories(signals: list[FamiliesMerged]) -> None:
    rebuild({h for signal in signals for h in (signal.household, signal.merged)})
