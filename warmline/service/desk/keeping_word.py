"""Keeping our word: how often a store answered before sundown and finished in time, for everybody to
read. A month with few cases says nothing yet, and then nothing is said."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from warmline.base import sql
from warmline.base.clock import today
from warmline.core.people.models import Store

SQL = Path(__file__).parent / "sql"
FEW = 10


@dataclass(frozen=True)
class Kept:
    """What came in one month, and how it was answered."""

    month: date
    came: int
    in_time: int  # answered before their sundown
    ended: int
    ended_in_time: int

    @property
    def says_something(self) -> bool:
        return self.came >= FEW


def last_month(store: Store) -> Kept:
    first = today(store.zone).replace(day=1)
    month = (first - timedelta(days=1)).replace(day=1)
    begin, end = (datetime.combine(day, time(), store.zone) for day in (month, first))
    [row] = sql.dicts(SQL / "kept.sql", {"store": store.pk, "begin": begin, "end": end})
    return Kept(month=month, **row)
