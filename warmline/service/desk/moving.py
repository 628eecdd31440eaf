"""Moving: a store's calendar changed. The clocks of its open cases are reckoned anew from their events,
pauses and all; what is closed stays as it was. Done twice it moves nothing twice."""

from collections.abc import Sequence

from django.db import transaction

from warmline.service.desk.folding import as_body, replay
from warmline.service.desk.models import Case


def follow_the_hours(store: int, days: Sequence[object]) -> int:
    """Move what follows from days that changed; how many cases."""
    if not days:
        return 0
    open_here = Case.objects.open().filter(store=store).order_by("pk")
    return sum(reckon_anew(pk) for pk in list(open_here.values_list("pk", flat=True)))


@transaction.atomic
def reckon_anew(pk: int) -> int:
    """One case by the calendar as it is now."""
    case = Case.objects.select_related("store", "household").get(pk=pk)
    case.lock()
    if case.closed_at:
        return 0
    facts = [event.fact() for event in case.events.order_by("seq")]
    clocks = as_body(replay(facts, case.days()))
    if clocks == as_body(case.course):
        return 0
    case.happen("moved", by=None, body=clocks)
    return 1
