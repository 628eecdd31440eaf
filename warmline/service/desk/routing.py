"""Routing: who is asked first. The guide who sold it, if she is at work; the family's home guide; a
colleague of the same store, best one who speaks their dialect; else the store's queue."""

from datetime import datetime
from pathlib import Path

from warmline.base import sql
from warmline.core.people.models import Household, Staff, Store

SQL = Path(__file__).parent / "sql"


def first_asked(store: Store, household: Household | None, at: datetime) -> Staff | None:
    """Who is asked first about something in this store; None: its queue."""
    if household is None:
        return None
    params = {"household": household.pk, "store": store.pk, "at": at}
    rows = sql.run(SQL / "first_asked.sql", params)
    return Staff.objects.get(pk=rows[0][0]) if rows else None
