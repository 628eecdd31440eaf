"""Similar cases side by side: the same lot, the same goods, the same cause; what differs, and how the
others ended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from warmline.base.clock import today
from warmline.core.people.models import Staff
from warmline.doors.agent.access import DeskRequest, audit, desk_only, my_case
from warmline.doors.agent.inbox import beside
from warmline.look.days import short_day
from warmline.service.desk import classifying
from warmline.service.desk.models import Case

BESIDE = 5


def _came(case: Case) -> str:
    zone = case.store.zone
    return short_day(case.opened_at.astimezone(zone), today=today(zone))


WITH_ALL = ("kind", "store", "owner", "cause", "product", "fault_store")
FACTS: list[tuple[Any, Callable[[Case], Any]]] = [
    (gettext_lazy("What they said"), lambda c: c.gist),
    (gettext_lazy("Came"), lambda c: _came(c)),
    (gettext_lazy("Kind"), lambda c: c.kind),
    (gettext_lazy("Store"), lambda c: c.store.name),
    (gettext_lazy("Cause"), lambda c: c.cause or ""),
    (gettext_lazy("Product"), lambda c: c.product or ""),
    (gettext_lazy("Lot or batch"), lambda c: c.lot),
    (gettext_lazy("Supplier"), lambda c: c.supplier),
    (gettext_lazy("Went wrong in"), lambda c: c.fault_store or ""),
    (gettext_lazy("Standard"), lambda c: c.sop),
    (gettext_lazy("Owner"), lambda c: c.owner or ""),
    (gettext_lazy("State"), lambda c: c.get_state_display()),
    (pgettext_lazy("of a case", "Outcome"), lambda c: c.get_outcome_display() if c.outcome else ""),
]

TELLING = [words for words, _read in FACTS[2:10]]  # worth a mark when it is the same


@dataclass(frozen=True)
class Cell:
    words: str
    is_same: bool


def side_by_side(case: Case, *, seen_by: Staff) -> list[Case]:
    found = classifying.similar(case, seen_by=seen_by, limit=BESIDE)
    return list(found.select_related(*WITH_ALL))


@require_safe
@desk_only
def show(request: DeskRequest, pk: int) -> HttpResponse:
    case = my_case(request, pk)
    others = side_by_side(case, seen_by=request.user)
    audit(request, others, "case")
    facts = []
    for words, read in FACTS:
        mine = str(read(case))
        said = [str(read(other)) for other in others]
        cells = [Cell(x, words in TELLING and bool(mine) and x == mine) for x in said]
        if mine or any(cell.words for cell in cells):
            facts.append((words, mine, cells))
    context = {
        "case": case,
        "others": others,
        "facts": facts,
        **beside(request),
        "may_link": request.user.role != Staff.Role.AUDITOR and not case.merged_into_id,
    }
    return render(request, "agent/case/alike.html", context)
