"""A page of the inbox: found by its last line rather than by a number, so that the thousandth page
costs what the first one does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from warmline.service.desk.models import Case
from warmline.service.desk.models.case import CaseQuerySet

PAGE = 50


@dataclass(frozen=True)
class Page:
    cases: Sequence[Case]
    next: str  # where the next page begins; empty on the last


def page_of(cases: CaseQuerySet, *, after: str = "", is_history: bool = False) -> Page:
    """The numbers first, which an index knows alone; then the cases of this page."""
    ids = _after(cases, after, is_history=is_history)
    found = Case.objects.in_bulk(ids[:PAGE])
    shown = [found[pk] for pk in ids[:PAGE] if pk in found]
    more = len(ids) > PAGE and shown
    return Page(shown, _mark(shown[-1], is_history=is_history) if more else "")


def _after(cases: CaseQuerySet, after: str, *, is_history: bool) -> list[int]:
    size = PAGE + 1
    if is_history:
        rows = cases.order_by("-pk")
        if after.isdecimal():
            rows = rows.filter(pk__lt=int(after[:18]))
        return list(rows.values_list("pk", flat=True)[:size])
    place = _place(after)
    if place is None:
        return list(cases.by_clock().values_list("pk", flat=True)[:size])
    urgency, due_at, pk = place
    same = cases.filter(urgency=urgency, due_at__gte=due_at)
    same = same.filter(Q(due_at__gt=due_at) | Q(pk__gt=pk)).by_clock()
    found = list(same.values_list("pk", flat=True)[:size])
    if len(found) < size:
        rest = cases.filter(urgency__lt=urgency).by_clock()
        found += rest.values_list("pk", flat=True)[: size - len(found)]
    return found


def _mark(case: Case, *, is_history: bool) -> str:
    if is_history or case.due_at is None:
        return str(case.pk)
    return f"{case.urgency}_{case.due_at.isoformat()}_{case.pk}"


def _place(after: str) -> tuple[int, datetime, int] | None:
    """Where a page begins; what is no such place is the beginning."""
    try:
        urgency, due_at, pk = after.split("_")
        place = int(urgency), datetime.fromisoformat(due_at), int(pk[:18])
    except ValueError:
        return None
    return place if place[1].tzinfo else None
