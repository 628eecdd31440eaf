"""Where a promise stands against its deadline, in one word for the eye and a few for the reader."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from warmline.look.days import moment

SOON = timedelta(hours=1)


@dataclass(frozen=True)
class Due:
    state: str  # quiet, soon, broken, kept: the only four things that have a colour
    words: str


def due(at: datetime, status: str = "open", *, now: datetime, zone: ZoneInfo) -> Due:
    """`status` is the promise's own word: open, kept, broken, waived, or what became of a broken one:
    `late` (made good) or `let_off`."""
    if status == "kept":
        return Due("kept", pgettext("a promise", "done"))
    if status == "waived":
        return Due("quiet", pgettext("a promise", "let off"))
    if status == "late":
        return Due("quiet", pgettext("a promise", "made good, late"))
    if status == "let_off":
        return Due("quiet", pgettext("a promise", "broken, and let off"))
    if status == "broken" or at <= now:
        return Due("broken", _past(now - at))
    if at - now <= SOON:
        return Due("soon", _minutes_left(at - now))
    return Due("quiet", moment(at.astimezone(zone), now=now.astimezone(zone)))


def _past(late: timedelta) -> str:
    minutes = int(late.total_seconds() // 60)
    if minutes < 1:
        return _("late now")
    if minutes < 60:
        return ngettext("%(n)d minute late", "%(n)d minutes late", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(n)d hour late", "%(n)d hours late", hours) % {"n": hours}
    days = hours // 24
    return ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}


def _minutes_left(left: timedelta) -> str:
    minutes = max(1, int(left.total_seconds() // 60))
    return ngettext("%(n)d minute left", "%(n)d minutes left", minutes) % {"n": minutes}
