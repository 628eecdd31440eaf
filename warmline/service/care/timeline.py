"""Everything that happened with one family, newest first: one statement."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warmline.base import sql
from warmline.base.crypto import unsealed
from warmline.base.i18n import I18nText
from warmline.core.contacts.models import Contact, Message
from warmline.core.people.models import Household
from warmline.core.promises.models import standing_of

SQL = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that happened; which of these words it has depends on its kind."""

    kind: str  # contact, message, sale, promise, correction, joined
    at: datetime
    status: str = ""  # outcome of a contact, status of a message, kind of a correction
    standing: str = ""  # of a promise: also what became of a broken one
    medium: str = ""
    is_inbound: bool = False
    who: str = ""  # staff who did it, the store of a sale
    text: str = ""  # a note, a message, the total of a sale, what was promised
    waived_for: str = ""
    title: str = ""  # of a promise's script; of a correction's category
    value: float | None = None
    is_share: bool = False
    unit: str = ""
    articles: tuple[tuple[str, float], ...] = ()


def timeline(
    household: Household, *, before: datetime | None = None, limit: int = 30
) -> list[Line]:
    """At most `limit` lines before an instant; ask again with the last one's for more."""
    asked = {"household": household.pk, "before": before or "infinity", "limit": limit}
    return [_line(row) for row in sql.dicts(SQL / "timeline.sql", asked)]


def _line(row: dict[str, Any]) -> Line:
    kind, status = row["kind"], row["status"]
    sealed = {"contact": (Contact, "note"), "message": (Message, "text")}.get(kind)
    is_promise = kind == "promise"
    return Line(
        kind=kind,
        at=row["at"],
        status=status,
        standing=standing_of(status, row["done_at"], row["medium"]) if is_promise else "",
        medium="" if is_promise else row["medium"],
        is_inbound=kind == "contact" and row["flag"],
        who=row["who"] or "",
        text=unsealed(row["sealed"], *sealed) if sealed else row["words"],
        waived_for=row["medium"] if is_promise else "",
        title=str(I18nText(json.loads(row["title"]))) if row["title"] else "",
        value=row["value"],
        is_share=kind == "correction" and row["flag"],
        unit=row["unit"],
        articles=tuple((name, many) for name, many in json.loads(row["articles"] or "[]")),
    )
