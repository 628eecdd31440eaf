"""Timetables of subscriptions: second, minute, hour, day of month, month, day of week (1 is Monday).

Each part is numbers, ranges in brackets (`[10-12]`), lists of both, or nothing at all: always.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

PARTS = {
    "second": (0, 59),
    "minute": (0, 59),
    "hour": (0, 23),
    "dayOfMonth": (1, 31),
    "month": (1, 12),
    "dayOfWeek": (1, 7),
}
RANGE = re.compile(r"\[(\d{1,2})-(\d{1,2})\]|(\d{1,2})")
YEARS = 5


class BadTimetable(ValueError):
    """SubscriptionControlsException."""


def read(said: Mapping[str, str]) -> dict[str, frozenset[int]]:
    """The allowed values of each part; raises `BadTimetable`."""
    if not said or set(said) - set(PARTS):
        raise BadTimetable(_("A timetable has second, minute, hour, dayOfMonth, month, dayOfWeek."))
    return {name: _values(name, str(said.get(name, ""))) for name in PARTS}


def _values(name: str, text: str) -> frozenset[int]:
    low, high = PARTS[name]
    if not text:
        return frozenset(range(low, high + 1))
    values: set[int] = set()
    for part in text.split(","):
        found = RANGE.fullmatch(part.strip())
        if not found:
            raise BadTimetable(
                _("%(name)s cannot be %(value)s.") % {"name": name, "value": text[:60]}
            )
        first = int(found[1] or found[3])
        last = int(found[2] or found[3])
        if not low <= first <= last <= high:
            raise BadTimetable(
                _("%(name)s cannot be %(value)s.") % {"name": name, "value": text[:60]}
            )
        values |= set(range(first, last + 1))
    return frozenset(values)


def following(said: Mapping[str, str], after: datetime) -> datetime:
    """The next moment of the timetable; raises `BadTimetable` if there is none in five years."""
    parts = read(said)
    at = (after + timedelta(seconds=1)).replace(microsecond=0)
    end = after + timedelta(days=366 * YEARS)
    while at <= end:
        if at.month not in parts["month"] or not _is_day(at, parts):
            at = (at + timedelta(days=1)).replace(hour=0, minute=0, second=0)
        elif at.hour not in parts["hour"]:
            at = (at + timedelta(hours=1)).replace(minute=0, second=0)
        elif at.minute not in parts["minute"]:
            at = (at + timedelta(minutes=1)).replace(second=0)
        elif at.second not in parts["second"]:
            at += timedelta(seconds=1)
        else:
            return at
    raise BadTimetable(_("This timetable never comes."))


def _is_day(at: datetime, parts: Mapping[str, frozenset[int]]) -> bool:
    return at.day in parts["dayOfMonth"] and at.isoweekday() in parts["dayOfWeek"]
