"""Reckoning: every night what the channels say came in is laid beside what we have of it (漏办率).

Missed is what has no case, what nobody took on before its sundown, what was not answered by then, and
what was finished and never fed back. Each night looks at a week, as some of it shows only later."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from warmline.base import sql
from warmline.base.clock import now, today
from warmline.core.playbooks.rounds import nightly
from warmline.service.desk.models import rules

SQL = Path(__file__).parent / "sql"
WEEK = 7


@dataclass(frozen=True)
class Reckoned:
    """What a night found in the week behind it."""

    came: int
    omitted: int
    gaps: int


@nightly("desk_reckoning")
def reckon_the_week() -> Reckoned:
    here = today(ZoneInfo(settings.TIME_ZONE))
    found = [reckon(here - timedelta(days=n)) for n in range(1, WEEK + 1)]
    return Reckoned(*(sum(column) for column in zip(*found, strict=True)))


@transaction.atomic
def reckon(on: date) -> tuple[int, int, int]:
    """One day of all channels: what came, what of it was missed, which numbers are missing."""
    params = {"on": on, "now": now(), "fed_before": now() - timedelta(days=rules().feedback_days)}
    rows = sql.run(SQL / "reckon.sql", params)
    return sum(r[0] for r in rows), sum(r[1] for r in rows), sum(r[2] for r in rows)
