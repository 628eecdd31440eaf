"""Returning: no case is left with somebody who is gone, who never answered an offer, or who let it
lie. It goes to somebody at work, or where everybody of the store sees it."""

from datetime import timedelta
from pathlib import Path

from django.db import transaction

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.people.models import Staff
from warmline.service.desk import owning
from warmline.service.desk.knowing import first_asked
from warmline.service.desk.models import Case, rules

SQL = Path(__file__).parent / "sql"
BATCH = 200


def return_all(limit: int = BATCH) -> int:
    """One look around; how many cases were moved."""
    ruled = rules()
    moments = {
        "now": now(),
        "offered": now() - timedelta(minutes=ruled.offer_min),
        "untouched": now() - timedelta(minutes=ruled.untouched_min),
        "limit": limit,
    }
    rows = sql.run(SQL / "to_return.sql", moments)
    return sum(_return(case, because, seq) for case, because, seq in rows)


@transaction.atomic
def _return(pk: int, because: str, seq: int) -> int:
    """Looked at again under its lock: somebody may have acted since it was chosen."""
    case = Case.objects.select_related("store", "household", "owner").get(pk=pk)
    case.lock()
    if case.seq != seq or case.closed_at:
        return 0
    if because == "offer":
        owning.decline(case, by=None)
        return 1
    owner = None if because == "untouched" else _another(case)
    owning.route(case, owner=owner, because=because)
    return 1


def _another(case: Case) -> Staff | None:
    if case.household_id is None:
        return None
    found = first_asked(case.store_id, case.household_id, now())
    return Staff.objects.get(pk=found) if found and found != case.owner_id else None
