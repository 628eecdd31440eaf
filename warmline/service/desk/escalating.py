"""Escalating: what nobody did in time goes up the ladder, one rung at a time and only while the shop
is open: its owner is reminded before the deadline, then the manager hears, the region, head office."""

from datetime import timedelta
from pathlib import Path

from django.db import transaction

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.journal.recording import record_many
from warmline.service.desk.ladder import RUNGS
from warmline.service.desk.models import rules
from warmline.service.desk.signals import CaseEscalated

SQL = Path(__file__).parent / "sql"
BATCH = 2_000


@transaction.atomic
def escalate(limit: int = BATCH) -> int:
    """Take what is due one rung up; how many. Call again while there are some."""
    ruled = rules()
    rows = sql.dicts(
        SQL / "escalate.sql",
        {
            "now": now(),
            "warned": now() + timedelta(minutes=ruled.warn_min),
            "stood": now() - timedelta(minutes=ruled.rung_min),
            "limit": limit,
        },
    )
    if rows:
        record_many([CaseEscalated(**{**r, "level": RUNGS[r["level"] - 1]}) for r in rows])
    return len(rows)
