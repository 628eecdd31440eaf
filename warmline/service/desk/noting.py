"""Noting: a channel writes down that something came in, in a transaction of its own and before anything
else is done with it. If we die right afterwards, the night finds the line without its case."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.people.models import Store

SQL = Path(__file__).parent / "sql"


def note(channel: str, key: str, *, store: Store | None = None, at: datetime | None = None) -> None:
    """It came in, under the channel's own name for it. Again is the same line."""
    at = at or now()
    on = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    line = {"channel": channel, "key": key[:120], "on": on, "at": at}
    sql.changed(SQL / "note.sql", {**line, "store": store.pk if store else None})
