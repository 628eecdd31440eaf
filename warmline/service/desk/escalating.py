"""Escalating: what nobody did in time goes up the ladder, one rung at a time and only while the shop
is open: its owner is reminded before the deadline, then the manager hears, the region, head office."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.journal.recording import owed_for
from warmline.core.people import calendar
from warmline.core.people.models import Store
from warmline.service.desk.ladder import RUNGS
from warmline.service.desk.models import rules
from warmline.service.desk.signals import CaseEscalated

SQL = Path(__file__).parent / "sql"
BATCH = 10_000  # in one transaction: well within the patience of the database
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def escalate(limit: int = BATCH, *, resting: list[int] | None = None) -> int:
    """Take what is due one rung up, so many at a time; how many went. `resting`: the stores at
    lunch, if somebody knows."""
    ruled, at = rules(), now()
    listeners = owed_for(CaseEscalated)
    asked = {
        "now": at,
        "warned": at + timedelta(minutes=ruled.warn_min),
        "stood": at - timedelta(minutes=ruled.rung_min),
        "limit": limit,
        "at_rest": at_lunch(at) if resting is None else resting,
        "rungs": list(RUNGS),
        "kind": CaseEscalated.kind,
        "listeners": [name for name, _alone in listeners],
        "alone": [alone for _name, alone in listeners],
    }
    done, after = 0, LONG_AGO
    while True:
        found = sql.first(SQL / "escalate.sql", {**asked, "after": after})
        assert found
        count, latest = found
        done += count
        if count < limit:
            return done
        after = latest


def at_lunch(at: datetime) -> list[int]:
    """The stores whose day has a break, and who are in it: nobody is called to a case from her meal."""
    asked = sql.run(SQL / "split_days.sql", {"now": at})
    split = Store.objects.in_bulk([pk for (pk,) in asked])
    return sorted(split.keys() - calendar.open_at(split.values(), at)) if split else []
