"""When a shop is open, and when the sun goes down on it: pure rules, without a database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import sunset
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

INTERVALS_MAX = 6  # of one day
EVENING = time(18)  # sundown where there is neither a sun nor a closing time
UNSAID = [["09:00", "18:00"]]  # every day of a store that does not say when it is open
MIDNIGHT = "24:00"


@dataclass(frozen=True)
class Day:
    """One day of one shop as instants. Several intervals are a lunch break; none: closed."""

    on: date
    hours: tuple[tuple[datetime, datetime], ...]
    sundown_at: datetime
    is_workday: bool

    @property
    def opens_at(self) -> datetime | None:
        return self.hours[0][0] if self.hours else None

    @property
    def closes_at(self) -> datetime | None:
        return max(end for _start, end in self.hours) if self.hours else None


def day(
    on: date,
    hours: Sequence[Sequence[str]],
    *,
    zone: ZoneInfo,
    place: tuple[float, float] | None,
    is_workday: bool,
) -> Day:
    """The day `on` of a shop with these opening hours at this place."""
    open_at = tuple(sorted(interval(on, start, end, zone=zone) for start, end in hours))
    bare = Day(on, open_at, datetime.combine(on, EVENING, zone).astimezone(UTC), is_workday)
    return Day(on, open_at, _sundown(bare, zone=zone, place=place), is_workday)


def interval(on: date, start: str, end: str, *, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """`"09:00", "21:00"` as instants. An end not after its start is on the next day."""
    ends_on = on if end > start and end != MIDNIGHT else on + timedelta(days=1)
    return _instant(on, start, zone), _instant(ends_on, end.replace(MIDNIGHT, "00:00"), zone)


def _instant(on: date, wall: str, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows, as an instant. A time that a change to summer time leaps
    over is the same while later; of one that comes twice it is the first."""
    return datetime.combine(on, time.fromisoformat(wall), zone).astimezone(UTC)


def _sundown(on: Day, *, zone: ZoneInfo, place: tuple[float, float] | None) -> datetime:
    """When the day's answers are due: the sunset, or closing time if the sun is up longer than the
    shop is open, is down before it opens, or does not set at all. Without either it is six o'clock.
    """
    sun, closes = real_sunset(on.on, zone=zone, place=place), on.closes_at
    if closes is None or on.opens_at is None:
        return sun or on.sundown_at
    return sun if sun and on.opens_at < sun < closes else closes


def real_sunset(on: date, *, zone: ZoneInfo, place: tuple[float, float] | None) -> datetime | None:
    """The sunset of that day, to the minute; None where it is not known or does not happen."""
    if place is None:
        return None
    try:
        sun = sunset(Observer(*place), on, tzinfo=zone)
    except ValueError:  # polar day, polar night
        return None
    return sun.replace(second=0, microsecond=0).astimezone(UTC) if sun.date() == on else None


@cache
def _china() -> Any:
    from holidays import country_holidays  # takes a second to load; most processes never ask

    return country_holidays("CN")


@cache
def is_workday(on: date) -> bool:
    """By the national calendar: holidays off, make-up days (调休) on. Coming years are forecast
    until the State Council announces them; a chain corrects them with its own days off."""
    return bool(_china().is_working_day(on))


def check_week(hours: Any) -> list[list[list[str]]]:
    """Seven days of intervals, as somebody typed them; a ValidationError says what is wrong."""
    if not isinstance(hours, list) or len(hours) != 7:
        raise ValidationError(_("Opening hours are given for seven days, Monday first."))
    return [check_hours(day) for day in hours]


def check_hours(hours: Any) -> list[list[str]]:
    """The intervals of one day: HH:MM, in order, none inside another."""
    try:
        pairs = sorted([_wall(start), _wall(end)] for start, end in hours)
    except (TypeError, ValueError) as error:
        raise ValidationError(_("Opening hours look like 09:00 to 21:00.")) from error
    if len(pairs) > INTERVALS_MAX:
        raise ValidationError(_("A day has at most six opening intervals."))
    for (start, end), (next_start, _end) in pairwise(pairs):
        if not start < end <= next_start:  # only the last may go on past midnight
            raise ValidationError(_("These opening hours overlap."))
    return pairs


def _wall(text: str) -> str:
    return MIDNIGHT if text == MIDNIGHT else time.fromisoformat(text).strftime("%H:%M")
