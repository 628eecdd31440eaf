"""The shop's calendar: which days it is open, and until when an answer given today is in time.

Every night the coming days of every store are laid out as instants, so that plans read them in SQL;
what is not laid out yet is reckoned on the spot by the same rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q, QuerySet

from warmline.base import sql
from warmline.base.clock import today
from warmline.base.composed import composed
from warmline.core.journal.recording import record_many
from warmline.core.people import opening
from warmline.core.people.models import DayOff, Store, StoreDay
from warmline.core.people.signals import HoursChanged

SQL = Path(__file__).parent / "sql"
AHEAD = 90
BATCH = 10_000
LOOK_AHEAD = 400  # a shop that is closed for longer than this has no next open day

Off = Mapping[tuple[int | None, date], list[list[str]]]


def lay_out(stores: Iterable[Store], first: date, days: int) -> int:
    """Fill in `days` days of these stores from `first` on; how many of them changed."""
    stores = list(stores)
    off = days_off([s.pk for s in stores], first, days)
    rows, changed = [], 0
    for store in stores:
        for n in range(days):
            rows.append((store.pk, reckon(store, first + timedelta(days=n), off=off)))
        if len(rows) >= BATCH:
            changed += _write(rows)
            rows = []
    return changed + _write(rows)


def lay_out_ahead(days: int = AHEAD) -> int:
    """The night's work: the coming days of every open store, and what changed in their hours."""
    return lay_out(Store.objects.filter(is_open=True), today() - timedelta(days=1), days + 1)


def days_off(stores: list[int], first: date, days: int) -> Off:
    """What differs from the week, by store and day; None is the whole chain."""
    theirs = Q(store__in=stores) | Q(store__isnull=True)
    until = first + timedelta(days=days)
    rows = DayOff.objects.filter(theirs, on__gte=first, on__lt=until)
    return {(row.store_id, row.on): row.hours for row in rows}


def reckon(store: Store, on: date, *, off: Off) -> opening.Day:
    """One day by the rules: the store's own exception, else the chain's, else its week."""
    chain = off.get((None, on))
    week = store.hours if len(store.hours) == 7 and any(store.hours) else [opening.UNSAID] * 7
    hours = off.get((store.pk, on), week[on.weekday()] if chain is None else chain)
    place = None
    if store.latitude is not None and store.longitude is not None:
        place = (store.latitude, store.longitude)
    return opening.day(
        on,
        hours,
        zone=store.zone,
        place=place,
        is_workday=opening.is_workday(on) if chain is None else bool(chain),
    )


def days_from(store: Store, first: date) -> Iterator[opening.Day | StoreDay]:
    """Day after day of one store from `first` on: as laid out, else reckoned; a month at a time."""
    for start in range(0, LOOK_AHEAD, 30):
        begin = first + timedelta(days=start)
        until = begin + timedelta(days=30)
        laid = {d.on: d for d in StoreDay.objects.filter(store=store, on__gte=begin, on__lt=until)}
        off = days_off([store.pk], begin, 30) if len(laid) < 30 else {}
        for n in range(30):
            on = begin + timedelta(days=n)
            yield laid.get(on) or reckon(store, on, off=off)


def sundown(store: Store, on: date) -> datetime:
    """When the answers of that day are due in this store."""
    laid = _laid_sundown(store.pk, on)
    return laid[0][0] if laid else next(days_from(store, on)).sundown_at


@composed
def _laid_sundown(store: int, on: date) -> QuerySet[StoreDay, tuple[datetime]]:
    return StoreDay.objects.filter(store=store, on=on).values_list("sundown_at")


def due_by_sundown(store: Store, at: datetime) -> datetime:
    """Until when something that came at this instant is answered: the sundown of the day it came,
    or of the next open day if the sun was down, or the shop closed, already."""
    here = at.astimezone(store.zone).date()
    for day in days_from(store, here):
        if day.opens_at is not None and day.sundown_at > at:
            return day.sundown_at
    return sundown(store, here + timedelta(days=1))  # no hours at all: the next day's sun


def add_open_days(store: Store, start: date, count: int) -> date:
    """The count-th day after `start` on which this store is open ("settled within three days")."""
    for day in days_from(store, start + timedelta(days=1)):
        count -= day.opens_at is not None
        if count <= 0:
            return day.on
    return start + timedelta(days=LOOK_AHEAD)


def is_open_at(store: Store, at: datetime) -> bool:
    """Whether somebody is in the shop at this instant; a lunch break is not open."""
    return store.pk in open_at([store], at)


def open_at(stores: Iterable[Store], at: datetime) -> set[int]:
    """In which of these shops somebody is at this instant."""
    stores = list(stores)
    off = days_off([s.pk for s in stores], at.date() - timedelta(days=2), 4)
    return {store.pk for store in stores if _is_open(store, at, off)}


def _is_open(store: Store, at: datetime, off: Off) -> bool:
    here = at.astimezone(store.zone).date()
    eve = here - timedelta(days=1)  # a night shop's yesterday may still be open
    hours = [*reckon(store, eve, off=off).hours, *reckon(store, here, off=off).hours]
    return any(start <= at < end for start, end in hours)


@transaction.atomic
def _write(rows: list[tuple[int, opening.Day]]) -> int:
    if not rows:
        return 0
    was = _laid_out(rows)
    changed = sql.changed(
        SQL / "lay_out.sql",
        {
            "stores": [store for store, _day in rows],
            "days": [day.on for _store, day in rows],
            "opens": [day.opens_at for _store, day in rows],
            "closes": [day.closes_at for _store, day in rows],
            "sundowns": [day.sundown_at for _store, day in rows],
            "workdays": [day.is_workday for _store, day in rows],
        },
    )
    if changed and was:
        _tell(was, rows)
    return changed


Ends = dict[tuple[int, date], tuple[datetime | None, datetime, datetime | None]]


def _laid_out(rows: list[tuple[int, opening.Day]]) -> Ends:
    """How these days stood before."""
    days = [day.on for _store, day in rows]
    stood = StoreDay.objects.filter(
        store__in={store for store, _day in rows}, on__gte=min(days), on__lte=max(days)
    )
    fields = stood.values_list("store", "on", "opens_at", "sundown_at", "closes_at")
    return {(store, on): (opens, sun, closes) for store, on, opens, sun, closes in fields}


def _tell(was: Ends, rows: list[tuple[int, opening.Day]]) -> None:
    """What is due when such a day ends hears of it."""
    changed: dict[int, list[list[str | None]]] = defaultdict(list)
    for store, day in rows:
        stood = was.get((store, day.on))
        if stood and stood != (day.opens_at, day.sundown_at, day.closes_at):
            _opens, sun, closes = stood
            ends = [day.on.isoformat(), sun.isoformat(), closes.isoformat() if closes else None]
            changed[store].append(ends)
    record_many([HoursChanged(store=store, days=days) for store, days in changed.items()])
