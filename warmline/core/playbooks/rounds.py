"""Rounds: what is done once a day, whoever gets to it first, and later if the shop was closed."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from warmline.base.clock import now
from warmline.core.people.models import Store
from warmline.core.playbooks.models import Round
from warmline.core.playbooks.planning import plan

LOCK_CLASS = 78  # the first key of the advisory lock of a round
NIGHT = time(2)  # in the chain's own zone
MORNING = time(5)  # in each store's zone
Work = Callable[[], Any]
NIGHTLY: dict[str, Work] = {}
AGAIN_S = 300.0
_wait_until: dict[tuple[str, str], float] = {}
log = logging.getLogger("warmline.watch")


def nightly(name: str) -> Callable[[Work], Work]:
    """Do this once every night: it must be safe to do twice, and say in numbers what it came to."""

    def register(work: Work) -> Work:
        NIGHTLY[name] = work
        return work

    return register


def go_round() -> int:
    """Whatever is due and not done yet: the night's works, then each zone's plan; how many."""
    return sum(_nights()) + sum(_mornings())


def _nights() -> list[bool]:
    zone = settings.TIME_ZONE
    on = day_of(zone, begins=NIGHT)
    return [once(name, zone, on, work) for name, work in NIGHTLY.items()]


def _mornings() -> list[bool]:
    zones = Store.objects.filter(is_open=True).order_by().values_list("time_zone", flat=True)
    return [_morning(zone) for zone in zones.distinct()]


def _morning(zone: str) -> bool:
    on = day_of(zone, begins=MORNING)
    return once("plan", zone, on, lambda: plan(on, zone=zone))


def day_of(zone: str, *, begins: time) -> date:
    """Which day's round it is: before the hour it begins, still yesterday's."""
    local = now().astimezone(ZoneInfo(zone))
    return local.date() - timedelta(days=local.time() < begins)


def once(name: str, zone: str, on: date, work: Work) -> bool:
    """Do a day's round unless it was done or somebody is at it.

    One that fails holds up no other: it is tried again after a while.
    """
    rounds = Round.objects.filter(name=name, zone=zone, on=on)
    if rounds.exists() or monotonic() < _wait_until.get((name, zone), 0):
        return False
    with _alone(f"{name} {zone}") as alone:
        if not alone or rounds.exists():
            return False
        began = now()
        try:
            figures = _figures(work())
        except Exception:
            log.exception("%s of %s in %s failed", name, on, zone)
            _wait_until[name, zone] = monotonic() + AGAIN_S
            return False
        Round.objects.create(name=name, zone=zone, on=on, began_at=began, figures=figures)
        log.info("%s of %s in %s: %s", name, on, zone, figures)
    return True


@contextmanager
def _alone(name: str) -> Iterator[bool]:
    """Held by the session: a worker that dies lets go, and another does the round."""
    key = (LOCK_CLASS, name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", key)
        alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", key)


def _figures(came_to: Any) -> Mapping[str, Any]:
    if is_dataclass(came_to) and not isinstance(came_to, type):
        return asdict(came_to)
    return {} if came_to is None else {"count": came_to}


def last(name: str) -> datetime | None:
    """When this round was last done, for the health page."""
    return (
        Round.objects.filter(name=name).order_by("-pk").values_list("ended_at", flat=True).first()
    )
