"""Days and times of day as people say them: 11月21日 星期六, 下午 3:00, 明天 10:00."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.utils.dateformat import format as dateformat
from django.utils.dateformat import time_format
from django.utils.translation import get_language, pgettext


def day(value: date, *, today: date) -> str:
    """Saturday, 21 November; with its year when that is not this year."""
    return _day(_plain(value), value.year == today.year, get_language())


@lru_cache(maxsize=1000)
def _day(value: date, is_this_year: bool, _language: str) -> str:
    if is_this_year:
        return dateformat(value, pgettext("date format: a day of this year", "l, j F"))
    return dateformat(value, pgettext("date format: a day of another year", "l, j F Y"))


def short_day(value: date, *, today: date) -> str:
    """21 Nov; with its year when that is not this year."""
    return _short_day(_plain(value), value.year == today.year, get_language())


@lru_cache(maxsize=4000)
def _short_day(value: date, is_this_year: bool, _language: str) -> str:
    if is_this_year:
        return dateformat(value, pgettext("date format: a short day", "j M"))
    return dateformat(value, pgettext("date format: a short day of another year", "j M Y"))


def _plain(value: date) -> date:
    """The day of an instant: the same all day long, so that it is written once."""
    return value.date() if isinstance(value, datetime) else value


def coming_day(value: date, *, today: date) -> str:
    """Mon 23 Nov: a day among the next ones, which people know by its name."""
    return f"{_weekday(value)} {short_day(value, today=today)}"


def clock_time(value: datetime) -> str:
    """3:00 pm; in Chinese the hour says which part of the day it is: 下午 3:00, 晚上 8:00."""
    return _clock_time(value.hour, value.minute, get_language())


@lru_cache(maxsize=3000)
def _clock_time(hour: int, minute: int, _language: str) -> str:
    return _part_of_day(hour) % {"time": time_format(time(hour, minute), "g:i")}


@lru_cache(maxsize=3000)
def _hour(hour: int, minute: int, _language: str) -> str:
    pattern = pgettext("date format: time of another day", "G:i")
    return time_format(time(hour, minute), pattern)


def _part_of_day(hour: int) -> str:
    if hour < 6:
        return pgettext("a time before dawn", "%(time)s am")
    if hour < 12:
        return pgettext("a time in the morning", "%(time)s am")
    if hour < 13:
        return pgettext("a time around noon", "%(time)s pm")
    if hour < 18:
        return pgettext("a time in the afternoon", "%(time)s pm")
    return pgettext("a time in the evening", "%(time)s pm")


def _weekday(value: date) -> str:
    return _weekdays(get_language())[value.weekday()]


@lru_cache(maxsize=8)
def _weekdays(_language: str) -> tuple[str, ...]:
    return (
        pgettext("a day of the next week", "Mon"),
        pgettext("a day of the next week", "Tue"),
        pgettext("a day of the next week", "Wed"),
        pgettext("a day of the next week", "Thu"),
        pgettext("a day of the next week", "Fri"),
        pgettext("a day of the next week", "Sat"),
        pgettext("a day of the next week", "Sun"),
    )


def moment(at: datetime, *, now: datetime) -> str:
    """When, as briefly as it stays clear. Both times are on the shop's clock."""
    day_of, today = at.date(), now.date()
    if day_of == today:
        return clock_time(at)
    hour = _hour(at.hour, at.minute, get_language())
    if day_of == today + timedelta(days=1):
        return pgettext("a time tomorrow", "tomorrow %(time)s") % {"time": hour}
    if day_of == today - timedelta(days=1):
        return pgettext("a time yesterday", "yesterday %(time)s") % {"time": hour}
    if today < day_of < today + timedelta(days=7):
        return f"{_weekday(day_of)} {hour}"
    return short_day(day_of, today=today)
