"""Today: which promises, in which order, within what one guide can do well."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, Q, prefetch_related_objects

from warmline.base.clock import now
from warmline.core.people import calendar
from warmline.core.people.models import Child, Member, MemoryNote, Staff, Store
from warmline.core.promises.models import Promise, PromiseQuerySet

SHOWN_MAX = 60  # of one group; the rest is a page away
NOW_WITHIN = timedelta(hours=2)
BROKEN_SHOWN = timedelta(days=7)  # older ones stand in the family's file, and drown no list


@dataclass
class Today:
    """A guide's day in four groups, each in the order of what is lost by waiting."""

    now: list[Promise] = field(default_factory=list)
    by_sundown: list[Promise] = field(default_factory=list)
    can_wait: list[Promise] = field(default_factory=list)
    done: list[Promise] = field(default_factory=list)
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
    shown = _whose(staff, store=store).select_related("household").order_by("due_at", "-weight")
    end = datetime.combine(day + timedelta(days=1), time(), home.zone)
    old = Q(status=Promise.Status.BROKEN, closed_at__lt=at - BROKEN_SHOWN)
    owed = shown.owed().filter(shows_at__lt=end).exclude(old)
    if day != here:
        owed = owed.filter(due_at__gte=end - timedelta(days=1), due_at__lt=end)
    begin = datetime.combine(day, time(), home.zone)
    done = shown.filter(done_at__gte=begin, done_at__lt=end).order_by("-done_at")[:SHOWN_MAX]
    today = Today(done=list(done), sundown_at=calendar.sundown(home, day))
    for promise in sorted(owed[: SHOWN_MAX * 4], key=lambda p: -lost_by_waiting(p, at=at)):
        _group(today, promise, at=at, end=end).append(promise)
    fetch_along([*today.now, *today.by_sundown, *today.can_wait, *today.done])
    return today


def _whose(staff: Staff, *, store: Store | None) -> PromiseQuerySet:
    seen = Promise.objects.seen_by(staff)
    if staff.role == Staff.Role.GUIDE:
        return seen.filter(Q(keeper=staff) | Q(keeper__isnull=True))
    return seen.filter(store=store or staff.store)


def fetch_along(promises: list[Promise]) -> None:
    """Everything that cards show, in a constant number of queries. Many promises have one script and
    one keeper: fetched for themselves, they are read once."""
    prefetch_related_objects(
        promises,
        "script",
        "keeper",
        Prefetch("household__members", Member.objects.defer("search", "email")),
        Prefetch("household__children", Child.objects.order_by("-born_on")),
        Prefetch("household__memory_notes", MemoryNote.objects.filter(dropped_at__isnull=True)),
    )


def _group(today: Today, promise: Promise, *, at: datetime, end: datetime) -> list[Promise]:
    if promise.due_at <= at + NOW_WITHIN:
        return today.now
    return today.by_sundown if promise.due_at < end else today.can_wait


def lost_by_waiting(promise: Promise, *, at: datetime) -> float:
    """What the family loses if this waits until tomorrow; larger comes first.

    Urgency grows as the deadline nears and stays for what is late; a sure forecast comes before a
    guess; key families, and those who complained this month, before others.
    """
    hours = (promise.due_at - at).total_seconds() / 3600
    urgency = 1 / (1 + max(hours, 0) / 24)
    family = promise.household
    tier = 1 + family.tier / 3
    width = promise.why.get("width_days")
    sureness = 1 / (1 + float(width) / 14) if width else 0.75
    complained = family.complained_at
    hurt = 1.5 if complained and complained > at - timedelta(days=30) else 1.0
    late = 1.0 if hours >= 0 else 2.0
    return promise.weight * urgency * tier * sureness * hurt * late


def families_of(promises: Iterable[Promise]) -> set[int]:
    return {promise.household_id for promise in promises}
