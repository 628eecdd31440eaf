"""Somebody asked something of us: they get the link to follow it, its owner hears of it, and danger
reaches whoever manages the store."""

from warmline.core.journal.listeners import on
from warmline.service.desk import telling
from warmline.service.desk.models import Case
from warmline.service.desk.signals import CaseOffered, CaseOpened, CaseSaid


def _case(pk: int) -> Case:
    return Case.objects.select_related("store", "kind", "owner", "household", "member").get(pk=pk)


@on(CaseOpened)
def tell_who_asked(signal: CaseOpened) -> None:
    telling.tell_who_asked(_case(signal.case))


@on(CaseOpened)
def tell_its_owner(signal: CaseOpened) -> None:
    telling.tell_owner(_case(signal.case))


@on(CaseOpened, CaseSaid)
def alert_the_manager(signal: CaseOpened | CaseSaid) -> None:
    if signal.topic:
        telling.alert(_case(signal.case))


@on(CaseOffered)
def ask_the_colleague(signal: CaseOffered) -> None:
    telling.ask_colleague(_case(signal.case), signal.to)
