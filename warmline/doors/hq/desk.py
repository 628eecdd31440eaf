"""The desk in figures: three rates, the clocks, the causes; and each figure opens the cases behind it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from warmline.base.clock import today
from warmline.core.people.models import Region, Staff, Store
from warmline.doors.hq import desk_report
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.insight import desk
from warmline.insight.measures import Period
from warmline.look.tables import Column, as_file, exports_of, listing, stamp
from warmline.service.desk.models import Case, Cause, Channel, Sample
from warmline.service.desk.models.case import coded

CHOICES = (7, 30, 90)
LEVELS = {
    "store": gettext_lazy("By store"),
    "region": gettext_lazy("By region"),
    "guide": gettext_lazy("By guide"),
}
FIGURES = {
    "came": gettext_lazy("What came in"),
    "complaints": gettext_lazy("Complaints"),
    "late": gettext_lazy("Not answered before sundown"),
    "answered_in_time": gettext_lazy("Answered before sundown"),
    "unfinished": gettext_lazy("Not finished in time"),
    "finished_in_time": gettext_lazy("Finished in time"),
    "solved_at_once": gettext_lazy("Solved at once"),
    "reopened": gettext_lazy("Opened again"),
    "rated": gettext_lazy("Rated"),
    "dissatisfied": gettext_lazy("Not content"),
    desk.BROKEN: gettext_lazy("Promises broken"),
    "cause": gettext_lazy("Of this cause"),
    "no_cause": gettext_lazy("Without a cause yet"),
}
WAYS = {  # in which a contact is missed
    "unrecorded": gettext_lazy("came in, and is no case"),
    "unowned": gettext_lazy("lay with nobody when its answer was due"),
    "unanswered": gettext_lazy("not answered before its sundown"),
    "unfed": gettext_lazy("no department heard of it in time"),
}
COLUMNS = [
    Column(gettext_lazy("Of"), lambda r: r.name),
    Column(gettext_lazy("What came in"), lambda r: r.came, is_number=True),
    Column(gettext_lazy("Complaints"), lambda r: r.complaints, is_number=True),
    Column(gettext_lazy("Number of receipts"), lambda r: r.sales, is_number=True),
    Column(gettext_lazy("Complaint rate, %"), lambda r: _one(r.complaint_rate), is_number=True),
    Column(gettext_lazy("Missed"), lambda r: r.omitted, is_number=True),
    Column(gettext_lazy("Contacts"), lambda r: r.contacts, is_number=True),
    Column(gettext_lazy("Omission rate, %"), lambda r: _one(r.omission_rate), is_number=True),
    Column(gettext_lazy("Not content"), lambda r: r.dissatisfied, is_number=True),
    Column(gettext_lazy("Rated"), lambda r: r.rated, is_number=True),
    Column(
        gettext_lazy("Dissatisfaction rate, %"),
        lambda r: _one(r.dissatisfaction_rate),
        is_number=True,
    ),
    Column(gettext_lazy("Answered before sundown"), lambda r: r.answered_in_time, is_number=True),
    Column(gettext_lazy("Due"), lambda r: r.due, is_number=True),
    Column(gettext_lazy("Finished in time"), lambda r: r.finished_in_time, is_number=True),
    Column(gettext_lazy("To be finished"), lambda r: r.to_finish, is_number=True),
    Column(gettext_lazy("Solved at once"), lambda r: r.solved_at_once, is_number=True),
    Column(gettext_lazy("Opened again"), lambda r: r.reopened, is_number=True),
    Column(gettext_lazy("Promises broken"), lambda r: r.broken, is_number=True),
]


def _one(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 1)


def _asked(request: HQRequest) -> tuple[int, Period, str]:
    said, level = request.GET.get("days", ""), request.GET.get("level", "")
    days = int(said) if said in map(str, CHOICES) else 30
    return days, Period.of_days(days), level if level in LEVELS else "store"


def _number(said: str) -> int | None:
    return int(said) if said.isdecimal() and len(said) < 19 else None


@require_safe
@hq_only
def index(request: HQRequest) -> HttpResponse:
    """Three rates of the while, by store, region or guide."""
    days, period, level = _asked(request)
    rows = desk.rates(period, level)
    total = _together(period, level, rows)
    if request.GET.get("format") == "pdf":
        return _as_pdf(request, period, level, rows, total)
    whole = replace(total, name=_("All together"))
    if file := as_file(request, [whole, *rows], _of_while(period, level), name="desk-rates"):
        return file
    by_day = desk.days(period)
    context = {
        "days": days,
        "choices": CHOICES,
        "level": level,
        "levels": LEVELS.items(),
        "rows": rows,
        "total": total,
        "before": desk.total(desk.rates(period.before)),
        "in_time": [d.in_time / d.due if d.due else None for d in by_day],
        "trend_label": _("Share answered before sundown, day by day"),
        "omitted": [d.omitted / d.contacts if d.contacts else None for d in by_day],
        "omitted_label": _("Share that was missed, day by day"),
        "samples": [(Sample.Reason(row.reason).label, row) for row in desk.samples(period)],
        "query": f"days={days}&level={level}&",
        "exports": exports_of(request),
    }
    return render(request, "hq/desk/index.html", context)


def _together(period: Period, level: str, rows: list[desk.DeskRates]) -> desk.DeskRates:
    """A contact comes to a store and to no guide: what was missed of all is counted by store."""
    return desk.total(desk.rates(period) if level == "guide" else rows)


def _of_while(period: Period, level: str) -> list[Column]:
    """The rows of a file say of which days they are, and by what."""
    last = period.last - timedelta(days=1)
    return [
        Column(_("First day"), lambda _row: f"{period.first}"),
        Column(_("Last day"), lambda _row: f"{last}"),
        Column(_("Scope"), lambda _row: LEVELS[level]),
        *COLUMNS,
    ]


def _as_pdf(
    request: HQRequest,
    period: Period,
    level: str,
    rows: list[desk.DeskRates],
    total: desk.DeskRates,
) -> HttpResponse:
    report = desk_report.Report(
        period=period,
        scope=str(LEVELS[level]),
        rows=rows,
        total=total,
        before=desk.total(desk.rates(period.before)),
        samples=[(Sample.Reason(row.reason).label, row) for row in desk.samples(period)],
        causes=desk.causes(period),
        by=request.user.name,
    )
    answer = HttpResponse(desk_report.as_pdf(report), content_type="application/pdf")
    named = f'attachment; filename="desk-rates-{today():%Y%m%d}.pdf"'
    answer["Content-Disposition"] = named
    return answer


@require_safe
@hq_only
def samples(request: HQRequest) -> HttpResponse:
    """What was drawn for another look, and what was found; who asked is on the case's own page."""
    _days, period, _level = _asked(request)
    rows = Sample.objects.filter(drawn_on__gte=period.first, drawn_on__lt=period.last)
    reason, status = (request.GET.get(name, "") for name in ("reason", "status"))
    if reason in Sample.Reason:
        rows = rows.filter(reason=reason)
    if status in Sample.Status:
        rows = rows.filter(status=status)
    elif status == "looked_at":
        rows = rows.exclude(status=Sample.Status.DRAWN)
    states = {"right": "kept", "wrong": "broken"}
    columns = [
        Column(_("Case"), lambda s: s.case.code, link=lambda s: reverse("agent:case", args=[s.case_id])),
        Column(_("Day"), lambda s: s.drawn_on),
        Column(_("Why it was drawn"), lambda s: s.get_reason_display()),
        Column(_("By whom"), lambda s: s.event.by.name if s.event.by else ""),
        Column(
            _("Found"), lambda s: s.get_status_display(),
            state=lambda s: states.get(s.status, "quiet"),
        ),
        Column(_("Looked at by"), lambda s: s.seen_by.name if s.seen_by else ""),
        Column(_("What was found"), lambda s: s.words, is_text=True),
    ]  # fmt: skip
    return listing(
        request,
        "hq/list.html",
        rows.select_related("case", "event__by", "seen_by").order_by("-drawn_on", "-pk"),
        columns,
        name="desk-samples",
        title=_("Spot checks"),
        heading=_("What did the second look find?"),
        back=reverse("hq:desk"),
        back_words=_("Three rates"),
        icon="eye",
        why=_("Nothing was drawn in this while."),
    )


@require_safe
@hq_only
def causes(request: HQRequest) -> HttpResponse:
    """Which few causes make most of it."""
    days, period, _level = _asked(request)
    rows = desk.causes(period)
    columns = [
        Column(_("Cause"), lambda r: str(r.name) or _("Not known yet")),
        Column(_("Group"), lambda r: str(r.group)),
        Column(_("Cases"), lambda r: r.cases, is_number=True),
        Column(_("Complaints"), lambda r: r.complaints, is_number=True),
        Column(_("Stores"), lambda r: r.stores, is_number=True),
        Column(_("Lots"), lambda r: r.lots, is_number=True),
        Column(_("Together, %"), lambda r: round(100 * r.together, 1), is_number=True),
    ]
    if file := as_file(request, rows, columns, name="causes"):
        return file
    most = max((r.cases for r in rows), default=0)
    context = {"days": days, "choices": CHOICES, "rows": rows, "most": most}
    context["exports"] = exports_of(request)
    return render(request, "hq/desk/causes.html", context | {"query": f"days={days}&"})


@require_safe
@hq_only
def behind(request: HQRequest, figure: str) -> HttpResponse:
    """The cases behind one figure; who asked is on the case's own page."""
    if figure not in FIGURES:
        raise Http404
    days, period, _level = _asked(request)
    level, of = _whose(request)
    cause = _number(request.GET.get("cause", ""))
    found = desk.behind(period, figure, level=level, of=of, cause=cause)
    rows = Case.objects.filter(pk__in=found).select_related("kind", "store", "owner", "cause")
    return listing(
        request,
        "hq/list.html",
        rows.defer("name", "gist", "token").order_by("-opened_at"),
        _case_columns(),
        name=f"desk-{figure}",
        title=FIGURES[figure],
        heading=_heading(FIGURES[figure], len(found)),
        back=reverse("hq:desk"),
        back_words=_("Three rates"),
        intro=_of_which(days, level, of, str(Cause.objects.filter(pk=cause or 0).first() or "")),
        icon="archive",
        why=_("There is no such case in this while."),
    )


@require_safe
@hq_only
def missed(request: HQRequest) -> HttpResponse:
    """The contacts behind the omission rate: what came in and is no case has nothing to open."""
    days, period, _level = _asked(request)
    level, of = _whose(request)
    level = "" if level == "guide" else level
    found = desk.missed(period, level=level, of=of)

    def address(row: desk.Missed) -> str:
        return reverse("agent:case", args=[row.case]) if row.case else ""

    channels = dict(Channel.choices)
    columns = [
        Column(_("Case"), lambda m: coded(m.case) if m.case else _("no case"), link=address),
        Column(_("Came"), lambda m: stamp(m.came_at)),
        Column(_("Channel"), lambda m: str(channels.get(m.channel, m.channel))),
        Column(_("Store"), lambda m: m.store or ""),
        Column(
            _("In which way"),
            lambda m: "; ".join(str(words) for way, words in WAYS.items() if getattr(m, way)),
            is_text=True,
        ),
    ]
    return listing(
        request,
        "hq/list.html",
        found,
        columns,
        name="desk-missed",
        title=_("Missed"),
        heading=_heading(_("Missed"), len(found)),
        back=reverse("hq:desk"),
        back_words=_("Three rates"),
        intro=_of_which(
            days, level, of, _("As they stand now; the nights count a day for a week.")
        ),
        icon="archive",
        why=_("Nothing was missed in this while."),
    )


def _whose(request: HQRequest) -> tuple[str, int | None]:
    """Of one store, region or guide; else of all."""
    level, of = (request.GET.get(name, "") for name in ("level", "of"))
    return (level if level in LEVELS and "of" in request.GET else ""), _number(of)


def _heading(figure: Any, n: int) -> str:
    words = ngettext("%(figure)s: %(n)d in this while", "%(figure)s: %(n)d in this while", n)
    return words % {"figure": figure, "n": n}


def _of_which(days: int, level: str, of: int | None, *more: str) -> str:
    """Of which days, and of whom."""
    whom = ""
    if level:
        models: dict[str, Any] = {"store": Store, "region": Region, "guide": Staff}
        found = models[level].objects.filter(pk=of or 0).first()
        whom = found.name if found else _("the store's queue")
    return " · ".join(filter(None, [_("The last %(days)d days") % {"days": days}, whom, *more]))


def _case_columns() -> list[Column]:
    def state(case: Any) -> str:
        return "broken" if case.is_late else "kept" if case.closed_at else "quiet"

    return [
        Column(_("Case"), lambda c: c.code, link=lambda c: reverse("agent:case", args=[c.pk])),
        Column(_("Kind"), lambda c: str(c.kind)),
        Column(_("Store"), lambda c: c.store.name),
        Column(_("Owner"), lambda c: c.owner.name if c.owner else ""),
        Column(_("Came"), lambda c: stamp(c.opened_at)),
        Column(_("State"), lambda c: c.get_state_display(), state=state),
        Column(_("Cause"), lambda c: str(c.cause) if c.cause else ""),
        Column(_("Outcome"), lambda c: c.get_outcome_display() if c.outcome else ""),
    ]
