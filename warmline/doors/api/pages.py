"""Pages of a list, by key and never by number: what was added meanwhile shifts nothing."""

import base64
import binascii
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from ninja import Field, Schema

from warmline.doors.api.problems import Problem
from warmline.doors.api.shapes import text

T = TypeVar("T")
LIMIT, LIMIT_MAX = 50, 200
WRONG = {"field": "cursor", "code": "cursor", "message": "This is no cursor of ours."}


class Page(Schema, Generic[T]):
    items: list[T]
    next: str | None = Field(None, description="The cursor of the next page; null on the last")


class Paging(Schema):
    limit: int = Field(LIMIT, ge=1, le=LIMIT_MAX)
    cursor: Annotated[str, text(100)] = Field("", description="`next` of the page before")


def page(rows: QuerySet[Any], paging: Paging, *, newest_first: bool = True) -> dict[str, Any]:
    """One page of these rows by their ids; one row more is asked for, to know the end."""
    if paging.cursor:
        last = _read(paging.cursor)
        rows = rows.filter(pk__lt=last) if newest_first else rows.filter(pk__gt=last)
    found = list(rows.order_by("-pk" if newest_first else "pk")[: paging.limit + 1])
    more = len(found) > paging.limit
    shown = found[: paging.limit]
    return {"items": shown, "next": _written(shown[-1].pk) if more else None}


def _written(pk: int) -> str:
    return base64.urlsafe_b64encode(b"k%d" % pk).decode().rstrip("=")


def _read(cursor: str) -> int:
    try:
        said = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        if not said.startswith(b"k") or not said[1:].isdigit() or len(said) > 20:
            raise ValueError
        return min(int(said[1:]), 2**63 - 1)
    except (ValueError, binascii.Error):
        raise Problem(422, "cursor", errors=[WRONG]) from None
