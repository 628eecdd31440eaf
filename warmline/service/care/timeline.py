"""Everything that happened with one family, newest first: one query per kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

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

    articles = SaleLine.objects.select_related("product").order_by("line_no")
    lines = Prefetch("lines", articles.only("sale", "quantity", "code", "name", "product__name"))
    pk = household.pk
    found = [
        *newest(_contacts(pk), "at", "contact"),
        *newest(_messages(pk), "created_at", "message"),
        *newest(_sales(pk).prefetch_related(lines), "sold_at", "sale"),
        *newest(_promises(pk), "closed_at", "promise"),
        *newest(_corrections(pk), "created_at", "correction"),
        *newest(Entry.objects.filter(household_id=pk, kind=JOINED), "at", "joined"),
    ]
    return sorted(found, key=lambda line: line.at, reverse=True)[:limit]


# Of each kind only what a line says is read.


def _contacts(household: int) -> QuerySet[Contact]:
    rows = Contact.objects.filter(household=household).select_related("staff")
    return rows.only("at", "outcome", "medium", "is_inbound", "note", "staff__name")


def _messages(household: int) -> QuerySet[Message]:
    return Message.objects.filter(household=household).only(
        "created_at", "status", "channel", "text"
    )


def _sales(household: int) -> QuerySet[Sale]:
    rows = Sale.objects.filter(household=household).select_related("store")
    return rows.only("sold_at", "total", "store__name")


def _promises(household: int) -> QuerySet[Promise]:
    rows = Promise.objects.filter(household=household, closed_at__isnull=False)
    return rows.select_related("script", "keeper").only(
        "closed_at", "done_at", "status", "words", "waived_for", "script__title", "keeper__name"
    )


def _corrections(household: int) -> QuerySet[Correction]:
    rows = Correction.objects.filter(household=household).select_related("category")
    return rows.only("created_at", "kind", "value", "category__name", "category__unit")
