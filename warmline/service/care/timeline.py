"""Everything that happened with one family, newest first: one query per kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from warmline.core.contacts.models import Contact, Message
from warmline.core.journal.models import Entry
from warmline.core.people.models import Household
from warmline.core.promises.models import Promise
from warmline.goods.sales.models import Sale, SaleLine
from warmline.service.care.models import Correction

JOINED = "people.family_joined"


@dataclass(frozen=True)
class Line:
    at: datetime
    kind: str  # contact, message, sale, promise, correction, joined
    what: Any


def timeline(
    household: Household, *, before: datetime | None = None, limit: int = 30
) -> list[Line]:
    """At most `limit` lines before an instant; ask again with the last one's for more."""

    def newest(rows: Any, field: str, kind: str) -> Iterable[Line]:
        if before is not None:
            rows = rows.filter(**{f"{field}__lt": before})
        return (Line(getattr(r, field), kind, r) for r in rows.order_by(f"-{field}")[:limit])

    lines = Prefetch("lines", SaleLine.objects.select_related("product").order_by("line_no"))
    pk = household.pk
    found = [
        *newest(Contact.objects.filter(household=pk).select_related("staff"), "at", "contact"),
        *newest(Message.objects.filter(household=pk), "created_at", "message"),
        *newest(
            Sale.objects.filter(household=pk).select_related("store").prefetch_related(lines),
            "sold_at",
            "sale",
        ),
        *newest(
            Promise.objects.filter(household=pk, closed_at__isnull=False).select_related(
                "script", "keeper"
            ),
            "closed_at",
            "promise",
        ),
        *newest(
            Correction.objects.filter(household=pk).select_related("category", "by"),
            "created_at",
            "correction",
        ),
        *newest(Entry.objects.filter(household_id=pk, kind=JOINED), "at", "joined"),
    ]
    return sorted(found, key=lambda line: line.at, reverse=True)[:limit]
