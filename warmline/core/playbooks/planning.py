"""The morning plan: what the coming day owes to which family, by whom, until when.

Set-based from end to end: finders say what falls due, one statement puts families, playbooks, store
days, keepers, gates and capacities together, one more makes the promises. Each step has its own
key, so a plan may be made again: what was promised is not promised twice.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from django.db import connection, transaction

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.people import calendar
from warmline.core.people.models import Store
from warmline.core.playbooks import owing
from warmline.core.playbooks.finders import FINDERS, find
from warmline.core.playbooks.models import Playbook

SQL = Path(__file__).parent / "sql"
QUEUE_MAX = 20  # planned calls a day for a store in which nobody is at work
PATIENCE = "SET LOCAL statement_timeout = '15min'"
MEMORY = "SET LOCAL work_mem = '64MB'"


@dataclass(frozen=True)
class Figures:
    """What a plan came to."""

    found: int
    promised: int


@transaction.atomic
def plan(on: date, *, zone: str | None = None) -> Figures:
    """Make the plan of a day, for the stores of one time zone or all."""
    lay_out_missing(on, zone=zone)
    playbooks = list(Playbook.objects.filter(is_on=True, signal__in=FINDERS))
    prepare()
    owing.begin()
    found = find(playbooks, on)
    reckon(playbooks, on, zone=zone)
    return Figures(found, owing.promise())


def prepare() -> None:
    """A night's work may take longer than a page may."""
    with connection.cursor() as cursor:
        cursor.execute(PATIENCE)
        cursor.execute(MEMORY)


def reckon(
    playbooks: list[Playbook], on: date, *, zone: str | None = None, replay: bool = False
) -> int:
    """From what was found to what is owed on that day; how many."""
    sql.changed(SQL / "analyze_found.sql", {})
    asked = {
        "playbooks": owing.as_rows(playbooks),
        "on": on,
        "zone": zone,
        "now": _dawn(on) if replay else now(),
        "live": not replay,
        "queue_max": QUEUE_MAX,
    }
    return sql.changed(SQL / "plan.sql", asked)


def lay_out_missing(on: date, *, zone: str | None = None, days: int = 1) -> None:
    """Stores whose days nobody laid out ahead yet (a new store, a plan of the past)."""
    stores = Store.objects.filter(is_open=True)
    stores = stores.filter(time_zone=zone) if zone else stores
    missing = stores.exclude(days__on=on)
    if days > 1 or missing.exists():
        calendar.lay_out(stores if days > 1 else missing, on, days)


def _dawn(on: date) -> datetime:
    """Before any store opens on that day, wherever it is east of Greenwich."""
    return datetime.combine(on, time(), UTC)
