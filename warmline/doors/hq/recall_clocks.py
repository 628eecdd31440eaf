"""The clocks on the wall of a recall, drawn: how much of the law's time is gone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, pi, sin

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from warmline.base.clock import now
from warmline.goods.trace.deadlines import finish_by
from warmline.goods.trace.models import Recall

CENTRE, OUTER, INNER = 48, 44, 34
NEAR = 0.75  # from here on the clock warns


@dataclass(frozen=True, slots=True)
class Clock:
    """A ring of which `share` is gone; once stopped it shows what was needed."""

    name: str
    rule: str
    words: str
    until: datetime
    share: float
    state: str

    @property
    def path(self) -> str:
        """The part of the ring that is gone, clockwise from twelve."""
        return ring(self.share)


def ring(share: float) -> str:
    angle = 2 * pi * min(max(share, 0.004), 0.9999)
    big = int(angle > pi)
    x, y = sin(angle), -cos(angle)
    return (
        f"M{CENTRE} {CENTRE - OUTER}A{OUTER} {OUTER} 0 {big} 1 {CENTRE + OUTER * x:.2f}"
        f" {CENTRE + OUTER * y:.2f}L{CENTRE + INNER * x:.2f} {CENTRE + INNER * y:.2f}"
        f"A{INNER} {INNER} 0 {big} 0 {CENTRE} {CENTRE - INNER}Z"
    )


def clocks(recall: Recall) -> list[Clock]:
    """To begin, which declaring does; and to finish, counted in working days."""
    hours = round((recall.begin_by - recall.known_at) / timedelta(hours=1))
    return [
        _clock(
            _("Begin"),
            _("within %(hours)s hours of knowing") % {"hours": hours},
            since=recall.known_at,
            until=recall.begin_by,
            stopped=recall.declared_at,
        ),
        _clock(
            _("Finish"),
            _("within %(days)s working days of declaring") % {"days": recall.working_days},
            since=recall.declared_at,
            until=finish_by(recall),
            stopped=recall.ended_at,
        ),
    ]


def _clock(
    name: str, rule: str, *, since: datetime, until: datetime, stopped: datetime | None
) -> Clock:
    at = stopped or now()
    share = (at - since) / (until - since)
    if at > until:
        state, words = "broken", _("%(long)s late") % {"long": spell(at - until)}
    elif stopped:
        state, words = "kept", _("done in %(long)s") % {"long": spell(stopped - since)}
    else:
        state = "soon" if share >= NEAR else "quiet"
        words = _("%(long)s left") % {"long": spell(until - at)}
    return Clock(name, rule, words, until, share, state)


def spell(long: timedelta) -> str:
    """A length of time as somebody would say it, in its two largest units."""
    minutes = int(long.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = []
    if days:
        parts.append(ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
    if hours:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours})
    if not days and (rest or not hours):
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest})
    return " ".join(parts)
