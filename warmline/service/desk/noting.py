"""Noting: a channel writes down that something came in, in a transaction of its own and before anything
else is done with it. If we die right afterwards, the night finds the line without its case."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.people.models import Store, Token

SQL = Path(__file__).parent / "sql"


def note(channel: str, key: str, *, store: Store | None = None, at: datetime | None = None) -> None:
    """It came in, under the channel's own name for it. Again is the same line."""
    at = at or now()
    line = {"channel": channel, "key": key[:120], "on": _on(at), "at": at}
    sql.changed(SQL / "note.sql", {**line, "store": store.pk if store else None})


@dataclass(frozen=True)
class HandedOn:
    """What another system named: whether it is there."""

    holds: bool  # its token
    is_store: bool
    is_kind: bool
    store: Store | None  # none was named: the family's


def note_handed_on(
    channel: str, key: str | None, *, token: Token, store: str, kind: str
) -> HandedOn:
    """The same for another system's contact, if what it names is there; in one trip with that
    question. Without a key nothing is written: it cannot be read."""
    at = now()
    found = sql.first(
        SQL / "handed_on.sql",
        {
            "channel": channel,
            "key": key and key[:120],
            "on": _on(at),
            "at": at,
            "token": token.pk,
            "store": store,
            "only": token.store_id,
            "kind": kind,
            "is_own": not connection.in_atomic_block,
        },
    )
    assert found
    holds, is_store, is_kind, row, _flushes = found
    return HandedOn(holds, is_store, is_kind, sql.read_back(Store, row) if row else None)


def _on(at: datetime) -> date:
    """The chain's day."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
