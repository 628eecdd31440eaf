"""The inbox as a file: what is on the screen, and no more than one may carry away at once."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from warmline.doors.agent.access import DeskRequest, audit
from warmline.doors.agent.filters import Filter
from warmline.look.tables import Column, as_file, stamp
from warmline.service.desk.models import Case, Channel

WITH_A_LINE = ("kind", "store", "owner")
MOST = 20_000


def file_of(request: DeskRequest, filters: Filter, cases: Any) -> HttpResponse | None:
    ordered = cases.order_by("-pk") if filters.is_history else cases.by_clock()

    def seen(found: Any) -> None:
        audit(request, found, "name", "case")

    rows = ordered.select_related(*WITH_A_LINE)
    return as_file(request, rows, COLUMNS, name="cases", seen=seen, most=MOST)


def _owner(case: Case) -> str:
    return case.owner.name if case.owner else str(case.get_queue_display())


def _channel(case: Case) -> Any:
    return dict(Channel.choices).get(case.channel, case.channel)


def _at(field: str) -> Any:
    return lambda case: stamp(at) if (at := getattr(case, field)) else ""


COLUMNS = [
    Column(_("Case"), lambda c: c.code),
    Column(_("State"), lambda c: c.get_state_display()),
    Column(_("Late"), lambda c: gettext("yes") if c.is_late else ""),
    Column(_("Red flag"), lambda c: c.get_urgency_display() if c.urgency else ""),
    Column(_("Kind"), lambda c: str(c.kind)),
    Column(_("What it is about"), lambda c: c.gist),
    Column(_("Who"), lambda c: c.name),
    Column(_("Last four digits"), lambda c: c.phone_last4),
    Column(_("Store"), lambda c: c.store.name),
    Column(_("Owner"), _owner),
    Column(_("Came by"), _channel),
    Column(_("Came"), _at("opened_at")),
    Column(_("Due"), _at("due_at")),
    Column(_("Answer"), _at("answer_by")),
    Column(_("Next word"), _at("promise_by")),
    Column(_("Finish"), _at("finish_by")),
]
