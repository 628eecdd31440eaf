"""Somebody is to change something so that a cause goes away: she hears by when, hears again when it is
late, and hears in the end whether it helped."""

from warmline.core.journal.listeners import on
from warmline.service.desk import telling
from warmline.service.desk.models import Prevention
from warmline.service.desk.signals import PreventionChecked, PreventionLate, PreventionPromised


def _prevention(pk: int) -> Prevention:
    return Prevention.objects.select_related("owner", "made_by", "cause").get(pk=pk)


@on(PreventionPromised)
def tell_its_owner(signal: PreventionPromised) -> None:
    telling.tell_prevention(_prevention(signal.prevention))


@on(PreventionLate)
def remind_its_owner(signal: PreventionLate) -> None:
    prevention = _prevention(signal.prevention)
    if prevention.status == Prevention.Status.PROMISED:
        telling.tell_prevention(prevention, is_late=True)


@on(PreventionChecked)
def tell_whether_it_helped(signal: PreventionChecked) -> None:
    telling.tell_effect(_prevention(signal.prevention))
