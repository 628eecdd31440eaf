"""Routing: who is asked first. The guide who sold it, if she is at work; the family's home guide; a
colleague of the same store, best one who speaks their dialect; else the store's queue."""

from datetime import datetime
from pathlib import Path

from warmline.base import sql

SQL = Path(__file__).parent / "sql"


def first_asked(store: int, household: int, at: datetime) -> int | None:
    """Who is asked first about something in this store; None: its queue."""
    found = sql.first(SQL / "first_asked.sql", {"household": household, "store": store, "at": at})
    return found[0] if found else None
