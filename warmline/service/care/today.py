"""Today: which promises, in which order, within what one guide can do well."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from warmline.base.clock import now
from warmline.base.composed import composed
from warmline.core.people import calendar
from warmline.core.people.models import Reader, Staff, Store
from warmline.core.promises.models import Promise, PromiseQuerySet

SHOWN_MAX = 60  # of what is done
OWED_MAX = 240
NOW_WITHIN = timedelta(hours=2)
BROKEN_SHOWN = timedelta(days=7)  # older ones stand in the family's file, and drown no list


class Owed(NamedTuple):
    """A promise, as far as its place in the day goes."""

    pk: int
    household_id: int
    due_at: datetime
    weight: float
    width_days: float | None  # of the forecast behind it
    tier: int
    complained_at: datetime | None


Rows = QuerySet[Promise, tuple[Any, ...]]
FIELDS = (
    "pk",
    "household_id",
    "due_at",
    "weight",
    "why__width_days",
    "household__tier",
    "household__complained_at",
)


@dataclass
class Today:
    """A guide's day in four groups, each in the order of what is lost by waiting."""

    now: list[Owed] = field(default_factory=list)
    by_sundown: list[Owed] = field(default_factory=list)
    can_wait: list[Owed] = field(default_factory=list)
    done: list[Owed] = field(default_factory=list)
    sundown_at: datetime | None = None

    @property
    def owed(self) -> int:
        """How many are to be kept today."""
        return len(self.now) + len(self.by_sundown)


def day_of(staff: Staff, *, store: Store | None = None, on: date | None = None) -> Today:
    """The day of one guide; a manager sees her store's, or that of any store she may see."""
    home = store or staff.store
    assert home is not None, "a list belongs to a store"
    at = now()
    here = at.astimezone(home.zone).date()
    day = on or here
    begin, end = (datetime.combine(day + timedelta(days=n), time(), home.zone) for n in (0, 1))
    whose = staff.reader, home.pk
    due_from = begin if day != here else None
    owed = map(Owed._make, _owed(*whose, begin=due_from, end=end, old=at - BROKEN_SHOWN))
    done = map(Owed._make, _done(*whose, begin=begin, end=end))
    today = Today(done=list(done), sundown_at=calendar.sundown(home, day))
    for promise in sorted(owed, key=lambda p: -lost_by_waiting(p, at=at)):
        _group(today, promise, at=at, end=end).append(promise)
    return today


@composed
def _owed(
    reader: Reader, store: int, *, begin: datetime | None, end: datetime, old: datetime
) -> Rows:
    """What is owed by that evening, or due on that one day; long broken ones are not."""
    owed = _whose(reader, store).owed().filter(shows_at__lt=end)
    owed = owed.exclude(status=Promise.Status.BROKEN, closed_at__lt=old)
    if begin is not None:
        owed = owed.filter(due_at__gte=begin, due_at__lt=end)
    return owed.order_by("due_at", "-weight").values_list(*FIELDS)[:OWED_MAX]


@composed
def _done(reader: Reader, store: int, *, begin: datetime, end: datetime) -> Rows:
    done = _whose(reader, store).filter(done_at__gte=begin, done_at__lt=end)
    return done.order_by("-done_at").values_list(*FIELDS)[:SHOWN_MAX]


def _whose(reader: Reader, store: int) -> PromiseQuerySet:
    seen = Promise.objects.seen_by(reader)
    if reader.role == Staff.Role.GUIDE:
        return seen.filter(Q(keeper=reader.pk) | Q(keeper__isnull=True))
    return seen.filter(store=store)


def _group(today: Today, promise: Owed, *, at: datetime, end: datetime) -> list[Owed]:
    if promise.due_at <= at + NOW_WITHIN:
        return today.now
    return today.by_sundown if promise.due_at < end else today.can_wait


def lost_by_waiting(promise: Owed, *, at: datetime) -> float:
    """What the family loses if this waits until tomorrow; larger comes first.

    Urgency grows as the deadline nears and stays for what is late; a sure forecast comes before a
    guess; key families, and those who complained this month, before others.
    """
    hours = (promise.due_at - at).total_seconds() / 3600
    urgency = 1 / (1 + max(hours, 0) / 24)
    tier = 1 + promise.tier / 3
    width = promise.width_days
    sureness = 1 / (1 + float(width) / 14) if width else 0.75
    complained = promise.complained_at
    hurt = 1.5 if complained and complained > at - timedelta(days=30) else 1.0
    late = 1.0 if hours >= 0 else 2.0
    return promise.weight * urgency * tier * sureness * hurt * late


def families_of(promises: Iterable[Owed]) -> set[int]:
    return {promise.household_id for promise in promises}
