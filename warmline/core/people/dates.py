"""The days that matter to a family, by the sun or by the moon: when the next one is.

A day that a year does not have is kept on the day before it: 29 February on the 28th, the thirtieth
of a short lunar month on its 29th, a leap month in the ordinary month of the same number.
"""

from datetime import date, timedelta
from typing import NamedTuple

from borax.calendars.lunardate import LCalendars, LunarDate
from django.db.models import Q

from warmline.core.people.models import ImportantDate

FIRST, LAST = date(1901, 1, 1), date(2100, 12, 31)  # the years whose moons are known
SOLAR, LUNAR = ImportantDate.Calendar.SOLAR, ImportantDate.Calendar.LUNAR


class Anniversary(NamedTuple):
    """How a day is written that comes back every year; the columns of an ImportantDate."""

    calendar: str
    month: int
    day: int
    is_leap_month: bool = False


def kept_on(day: date) -> list[Anniversary]:
    """Every way of writing an anniversary that is kept on this day."""
    return [*_solar(day), *_lunar(day)]


def falling_on(day: date) -> Q:
    """The important dates of this day, for `ImportantDate.objects.filter(…)`."""
    found = Q(pk__in=[])
    for calendar, month, number, is_leap in kept_on(day):
        same = Q(calendar=calendar, month=month, day=number)
        found |= same & Q(is_leap_month=is_leap) if calendar == LUNAR else same
    return found


def next_on(anniversary: ImportantDate | Anniversary, day: date) -> date | None:
    """The first time it is kept on or after this day; None beyond the years we can reckon."""
    wanted = Anniversary(
        anniversary.calendar, anniversary.month, anniversary.day, anniversary.is_leap_month
    )
    guess = _solar_in if wanted.calendar == SOLAR else _lunar_in
    for year in range(day.year - 1, day.year + 3):
        found = guess(wanted, year)
        if found and found >= day:
            return found
    return None


def in_lunar(day: date) -> Anniversary:
    """A day by the moon: what a grandmother says when she is asked for her birthday."""
    moon = LunarDate.from_solar(day)
    return Anniversary(LUNAR, moon.month, moon.day, bool(moon.leap))


def _solar(day: date) -> list[Anniversary]:
    found = [Anniversary(SOLAR, day.month, day.day)]
    if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).day == 1:
        found.append(Anniversary(SOLAR, 2, 29))
    return found


def _lunar(day: date) -> list[Anniversary]:
    if not FIRST <= day <= LAST:
        return []
    moon = LunarDate.from_solar(day)
    leap = bool(moon.leap)
    numbers = [moon.day]
    if moon.day == 29 and LCalendars.ndays(moon.year, moon.month, moon.leap) == 29:
        numbers.append(30)
    kinds = [leap] if leap or _leap_month(moon.year) == moon.month else [False, True]
    return [Anniversary(LUNAR, moon.month, n, kind) for n in numbers for kind in kinds]


def _solar_in(wanted: Anniversary, year: int) -> date | None:
    last = (date(year + wanted.month // 12, wanted.month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, wanted.month, min(wanted.day, last))


def _lunar_in(wanted: Anniversary, year: int) -> date | None:
    """In that lunar year, which begins in January or February of the year of the same number."""
    if not FIRST.year <= year < LAST.year:
        return None
    leap = int(wanted.is_leap_month and _leap_month(year) == wanted.month)
    last = LCalendars.ndays(year, wanted.month, leap)
    found: date = LunarDate(year, wanted.month, min(wanted.day, last), leap).to_solar_date()
    return found


def _leap_month(year: int) -> int:
    return int(LCalendars.leap_month(year))
