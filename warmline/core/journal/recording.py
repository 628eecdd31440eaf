"""Writing the journal: a change, its signal and the to-do rows of its listeners commit together."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.db import transaction

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.journal.listeners import LISTENERS, listeners_of
from warmline.core.journal.models import Entry, Task
from warmline.core.journal.signals import Signal

ONE = Path(__file__).parent / "sql" / "record.sql"


class Actor(Protocol):
    """Whoever did it: a member of staff. The journal keeps the id alone."""

    pk: int


def record(signal: Signal, *, by: Actor | None = None, at: datetime | None = None) -> Entry:
    """Write one signal into the journal. Only inside the transaction of the change it tells of."""
    return record_many([signal], by=by, at=at)[0]


def record_many(
    signals: Sequence[Signal], *, by: Actor | None = None, at: datetime | None = None
) -> list[Entry]:
    """Write many signals at once; entries come back in the same order."""
    assert transaction.get_connection().in_atomic_block, "a signal is recorded with its change"
    at = at or now()
    if len(signals) == 1:
        return [_written(signals[0], entry_of(signals[0], by=by, at=at))]
    entries = Entry.objects.bulk_create(entry_of(signal, by=by, at=at) for signal in signals)
    Task.objects.bulk_create(
        Task(entry=entry, listener=listener, is_alone=is_alone)
        for signal, entry in zip(signals, entries, strict=True)
        for listener, is_alone in owed_for(type(signal))
    )
    return entries


def _written(signal: Signal, entry: Entry) -> Entry:
    """By one statement: composing two took longer than writing them."""
    owed = owed_for(type(signal))
    said = {
        name: getattr(entry, name) for name in ("kind", "at", "by_id", "household_id", "store_id")
    }
    said |= {
        "body": json.dumps(entry.body),
        "listeners": [name for name, _is_alone in owed],
        "alone": [is_alone for _name, is_alone in owed],
    }
    row = sql.first(ONE, said)
    assert row is not None
    entry.pk, entry.recorded_at = row
    entry._state.adding, entry._state.db = False, transaction.get_connection().alias
    return entry


def entry_of(signal: Signal, *, by: Actor | None, at: datetime) -> Entry:
    """A signal's line, for whoever writes it in a statement of their own."""
    return Entry(
        kind=signal.kind,
        at=at,
        by_id=by.pk if by else None,
        household_id=getattr(signal, "household", None),
        store_id=getattr(signal, "store", None),
        body=signal.body(),
    )


def owed_for(kind: type[Signal]) -> list[tuple[str, bool]]:
    """Who is owed a to-do row for such a signal, and whether they take one at a time."""
    return [(name, not LISTENERS[name].batch) for name in listeners_of(kind)]
