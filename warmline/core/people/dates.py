"""The days that matter to a family, by the sun or by the moon: when the next one is.

A day that a year does not have is kept on the day before it: 29 February on the 28th, the thirtieth
of a short lunar month on its 29th, a leap month in the ordinary month of the same number.
"""

from datetime import date, timedelta
from typing import NamedTuple

from borax.calendars.lunardate import LCalendars, LunarDate
from django.db.models import Q
from django.utils.dateformat import format as dateformat
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from warmline.core.people.models import ImportantDate

FIRST, LAST = date(1901, 1, 1), date(2100, 12, 31)  # the years whose moons are known
MOONS, NUMBERS = "正二三四五六七八九十冬腊", "一二三四五六七八九"
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


def in_words(anniversary: ImportantDate | Anniversary) -> str:
    """As a family says it: 八月十五 by the moon, 3 May by the sun."""
    if anniversary.calendar == SOLAR:
        leap_year = date(2024, anniversary.month, anniversary.day)
        return dateformat(leap_year, pgettext("date format: a day of every year", "j F"))
    if (get_language() or "").startswith("zh"):
        leap = "闰" if anniversary.is_leap_month else ""
        return f"农历{leap}{MOONS[anniversary.month - 1]}月{moon_day(anniversary.day)}"
    pattern = (
        _("leap lunar month %(month)s, day %(day)s")
        if anniversary.is_leap_month
        else _("lunar month %(month)s, day %(day)s")
    )
    return pattern % {"day": anniversary.day, "month": anniversary.month}


def moon_day(day: int) -> str:
    """初一 to 三十: how a day is counted by the moon."""
    if day in (10, 20, 30):
        return {10: "初十", 20: "二十", 30: "三十"}[day]
    return ("初", "十", "廿")[day // 10] + NUMBERS[day % 10 - 1]


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
