"""Previewing: what a playbook would have promised in a month, by the very statements of the plan.

Nothing is written: what is owed is counted and forgotten. Consent and tiers are those of today, and
nobody's other promises take up her day; the rest is as it was.
"""

import calendar as months
from collections import Counter
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.db import transaction

from warmline.base import sql
from warmline.base.clock import CHINA, today
from warmline.core.journal.models import Entry
from warmline.core.people.models import Household, Store
from warmline.core.playbooks import conditions, hearing, owing, planning
from warmline.core.playbooks.finders import FINDERS, find_between
from warmline.core.playbooks.models import Playbook

SQL = Path(__file__).parent / "sql"
SAMPLE = 20
BATCH = 2000


@dataclass(frozen=True)
class Preview:
    """What it would have come to."""

    total: int = 0
    by_day: dict[date, int] = field(default_factory=dict)
    by_store: list[tuple[Store, int]] = field(default_factory=list)  # the busiest first
    families: list[Household] = field(default_factory=list)  # a few of them, to look at


def last_month() -> date:
    """The first day of the month before this one."""
    return (today().replace(day=1) - timedelta(days=1)).replace(day=1)


@transaction.atomic
def preview(playbook: Playbook, month: date) -> Preview:
    """What this playbook, saved or not, would have promised in the month of that day."""
    draft = copy(playbook)
    draft.pk, draft.condition = None, conditions.compile(playbook.conditions)
    first = month.replace(day=1)
    last = first.replace(day=months.monthrange(first.year, first.month)[1])
    days = [first + timedelta(days=n) for n in range((min(last, today()) - first).days + 1)]
    if not days:
        return Preview()
    planning.lay_out_missing(days[0] - timedelta(days=7), days=len(days) + 14)
    planning.prepare()
    owing.begin()
    _plan(draft, days) if draft.signal in FINDERS else _hear(draft, days)
    return _figures(days[0])


def _plan(draft: Playbook, days: list[date]) -> None:
    """Some days ahead of the month come along: what they had no room for falls into it."""
    ahead = [days[0] - timedelta(days=n) for n in range(FINDERS[draft.signal].grace_days, 0, -1)]
    find_between([draft], (ahead + days)[0], days[-1], replay=True)
    for day in ahead + days:
        planning.reckon([draft], day, replay=True)


def _hear(draft: Playbook, days: list[date]) -> None:
    begin, end = (datetime.combine(d, time(), CHINA) for d in (days[0], days[-1]))
    happened = Entry.objects.filter(
        kind=draft.signal, at__gte=begin, at__lt=end + timedelta(days=1), household_id__isnull=False
    ).order_by("at")
    entries = list(happened.values_list("pk", flat=True))
    for start in range(0, len(entries), BATCH):
        hearing.reckon([draft], entries[start : start + BATCH])


def _figures(first: date) -> Preview:
    rows = sql.run(SQL / "owed.sql", {"first": first})
    by_day = Counter(day for day, _store, _family in rows)
    by_store = Counter(store for _day, store, _family in rows)
    stores = Store.objects.in_bulk(by_store)
    sample = list(dict.fromkeys(family for _day, _store, family in rows))[:SAMPLE]
    families = Household.objects.prefetch_related("members").in_bulk(sample)
    return Preview(
        total=len(rows),
        by_day=dict(sorted(by_day.items())),
        by_store=[(stores[store], count) for store, count in by_store.most_common()],
        families=[families[pk] for pk in sample],
    )
