"""Breaking: promises whose time has passed are broken, written down, and somebody is told."""

from pathlib import Path

from django.db import transaction

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.journal.recording import record_many
from warmline.core.promises.signals import PromiseBroken

SQL = Path(__file__).parent / "sql"


@transaction.atomic
def break_overdue(limit: int = 500) -> int:
    """Break what is overdue, the oldest first; how many. Call again while there are some."""
    broken = sql.dicts(SQL / "break_overdue.sql", {"now": now(), "limit": limit})
    if broken:
        record_many([PromiseBroken(**row) for row in broken])
    return len(broken)
