"""Writing the journal: a change, its signal and the to-do rows of its listeners commit together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.db import transaction

from warmline.base.clock import now
from warmline.core.journal.listeners import LISTENERS, listeners_of
from warmline.core.journal.models import Entry, Task
from warmline.core.journal.signals import Signal


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
    entries = Entry.objects.bulk_create(entry_of(signal, by=by, at=at) for signal in signals)
    Task.objects.bulk_create(
        Task(entry=entry, listener=listener, is_alone=is_alone)
        for signal, entry in zip(signals, entries, strict=True)
        for listener, is_alone in owed_for(type(signal))
    )
    return entries


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
