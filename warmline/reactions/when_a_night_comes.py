"""A night comes: what was bought since the last one is looked at again, before the morning's plan.

A release that brings new parameters makes every habit old: then all are learned anew first.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from warmline.base.clock import now
from warmline.core.playbooks.models import Round
from warmline.core.playbooks.rounds import MORNING, NIGHT, nightly
from warmline.service.care import parameters

BY_DAY_S = 300.0  # a night made up for by day: nobody's promises wait longer for the watch


@dataclass(frozen=True)
class Relearned:
    """By which parameters the habits were learned, and how many were learned anew."""

    parameters: str
    habits: int


@nightly("relearn")
def relearn() -> Relearned:
    """Nothing, on all nights but the first with new parameters."""
    taught = hashlib.sha256(parameters.PATH.read_bytes()).hexdigest()[:16]
    last = Round.objects.filter(name="relearn").order_by("-pk").first()
    if last is None or last.figures.get("parameters") == taught:
        return Relearned(taught, 0)
    from warmline.service.care import relearning

    return Relearned(taught, relearning.relearn())


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
