"""The list as a file: what is on the screen, and no more than one may carry away at once."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from warmline.base import exports
from warmline.base.clock import today
from warmline.doors.agent.access import DeskRequest, audit
from warmline.service.desk.models import Case, Channel

WITH_A_LINE = ("kind", "store", "owner")
MOST = 20_000


def file_of(request: DeskRequest, cases: Any, *, form: str, is_history: bool) -> HttpResponse:
    ordered = cases.order_by("-pk") if is_history else cases.by_clock()
    found = list(ordered.select_related(*WITH_A_LINE)[:MOST])
    audit(request, found, "name", "case")
    if form == "csv":
        blocks = exports.csv_blocks(heads=_heads(), rows=_lines(found))
        answer: Any = StreamingHttpResponse(blocks, content_type=exports.CSV_TYPE)
    else:
        answer = HttpResponse(content_type=exports.XLSX_TYPE)
        exports.write_table(answer, form="xlsx", heads=_heads(), rows=_lines(found))
    answer["Content-Disposition"] = f'attachment; filename="cases-{today():%Y%m%d}.{form}"'
    return answer


def _heads() -> list[str]:
    return [
        _("Case"),
        _("State"),
        _("Late"),
        _("Red flag"),
        _("Kind"),
        _("What it is about"),
        _("Who"),
        _("Last four digits"),
        _("Store"),
        _("Owner"),
        _("Came by"),
        _("Came"),
        _("Due"),
        _("Answer"),
        _("Next word"),
        _("Finish"),
    ]


def _lines(cases: list[Case]) -> Iterator[list[str]]:
    channels = dict(Channel.choices)
    for case in cases:
        yield [
            case.code,
            str(case.get_state_display()),
            _("yes") if case.is_late else "",
            str(case.get_urgency_display()) if case.urgency else "",
            str(case.kind),
            case.gist,
            case.name,
            case.phone_last4,
            case.store.name,
            case.owner.name if case.owner else str(case.get_queue_display()),
            str(channels.get(case.channel, case.channel)),
            *map(_stamp, (case.opened_at, case.due_at, case.answer_by)),
            *map(_stamp, (case.promise_by, case.finish_by)),
        ]


def _stamp(at: datetime | None) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""
