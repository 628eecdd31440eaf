"""A night comes: what was bought since the last one is looked at again, before the morning's plan."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from warmline.base.clock import now
from warmline.core.playbooks.rounds import MORNING, NIGHT, nightly

BY_DAY_S = 300.0  # a night made up for by day: nobody's promises wait longer for the watch


@nightly("look_again")
def look_again() -> object:
    """The net is loaded by whoever does the night, and by nobody else."""
    from warmline.service.care import second_look

    return second_look.look_again(at_most_s=time_left())


def time_left() -> float:
    """Until the morning's plan is due; what is not done then waits for the next night."""
    local = now().astimezone(ZoneInfo(settings.TIME_ZONE))
    if not NIGHT <= local.time() < MORNING:
        return BY_DAY_S
    return (datetime.combine(local.date(), MORNING, local.tzinfo) - local).total_seconds()
