"""Who answers for a family: its home guide; while she is away somebody of the same store, best one
who speaks the family's dialect; and when nobody is at work, the store's queue."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from warmline.base import sql
from warmline.core.people.models import Household, Staff

SQL = Path(__file__).parent / "sql"


def who_answers(household: Household, at: datetime) -> Staff | None:
    """Who answers for this family at that moment; None: the store's queue."""
    [staff] = answering([household.pk], at).values()
    return Staff.objects.get(pk=staff) if staff else None


def answering(households: Iterable[int], at: datetime) -> dict[int, int | None]:
    """The same for many families at once: staff number by family, in one statement."""
    rows = sql.run(SQL / "who_answers.sql", {"households": list(households), "at": at})
    return dict(rows)
