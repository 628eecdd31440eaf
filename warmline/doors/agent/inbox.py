"""The inbox: what waits, by its clock. Red flags first, then whose time is up soonest."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Value
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from warmline.core.people.models import Staff, Store
from warmline.doors.agent.access import AT_THE_DESK, DeskRequest, audit, desk_only, my_cases
from warmline.doors.agent.choosing import BulkForm
from warmline.doors.agent.exporting import file_of
from warmline.doors.agent.filters import OFFERED, VIEWS, Filter, counts
from warmline.doors.agent.pages import page_of
from warmline.look.stencils import stencil
from warmline.look.templatetags.look import due, moment
from warmline.service.desk import owning, views
from warmline.service.desk.drawing import share_of, which, words_of
from warmline.service.desk.models import Case, CaseKind, SavedView

draw = stencil("agent/inbox/_row.html")
ICONS = {
    "walk_in": "store",
    "phone": "phone",
    "web": "qr-code",
    "sms": "message-square-text",
    "email": "mail",
    "wecom": "message-circle",
    "api": "link",
}


@require_safe
@desk_only
def index(request: DeskRequest) -> HttpResponse:
    filters = Filter(request.GET, staff=request.user)
    cases = filters.narrow(my_cases(request))
    return file_of(request, filters, cases) or shown(request, filters, cases)


def shown(
    request: DeskRequest,
    filters: Filter,
    cases: Any,
    *,
    chosen: Collection[int] = (),
    bulk: BulkForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = page_of(cases, after=request.GET.get("after", ""), is_history=filters.is_history)
    audit(request, page.cases, "name", "case")
    query = urlencode(filters.query)
    may_bulk = request.user.role in owning.SUPERVISORS and not filters.is_history
    context = {
        "filters": filters,
        "query": f"{query}&" if query else "",
        "here": f"?{query}" if query else "?",
        "exports": f"?{query}&" if query else "?",
        "rows": rows_of(page.cases, reader=request.user, chosen=chosen, kinds=filters.kinds),
        "next": page.next,
        "is_first": "after" not in request.GET,
        "is_narrow": any(name not in ("whose", "when", "state") for name in filters.query),
        "may_bulk": may_bulk,
        "bulk": bulk or (BulkForm(staff=request.user) if may_bulk else None),
        **beside(request, filters),
    }
    context["heading"] = _heading(filters, context["waiting"])
    return render(request, "agent/inbox/index.html", context, status=status)


def beside(request: DeskRequest, filters: Filter | None = None) -> dict[str, Any]:
    """The menu: the views that everybody has with what waits in each, and her own. Who only answers for
    a department has no inbox."""
    if request.user.role not in AT_THE_DESK:
        return {}
    waiting = counts(my_cases(request), request.user)
    said = filters.query if filters else None
    return {
        "views": [(v, waiting.get(v.name, ""), said == dict(v.query)) for v in VIEWS],
        "offered": waiting["offered"],
        "saved": views.views_of(request.user),
        "approvals": waiting["approvals"],
        "samples": waiting["samples"],
        "waiting": waiting,
    }


@dataclass(frozen=True)
class Words:
    """What the lines of one page say again and again, read and translated once."""

    kinds: Mapping[int, str]
    stores: Mapping[int, str]
    owners: Mapping[int, str]
    states: Mapping[str, str]
    urgencies: Mapping[int, str]
    queues: Mapping[str, str]

    @classmethod
    def of(cls, cases: Sequence[Case], kinds: Iterable[CaseKind]) -> "Words":
        stores = _named(Store.objects.filter(pk__in={c.store_id for c in cases}), "store")
        owners = _named(Staff.objects.filter(pk__in={c.owner_id for c in cases}), "owner")
        names: dict[str, dict[int, str]] = {"store": {}, "owner": {}}
        for of, pk, name in stores.union(owners, all=True):
            names[of][pk] = name
        return cls(
            kinds={kind.pk: str(kind) for kind in kinds},
            stores=names["store"],
            owners=names["owner"],
            states={value: str(label) for value, label in Case.State.choices},
            urgencies={value: str(label) for value, label in Case.Urgency.choices},
            queues={value: str(label) for value, label in Case.Queue.choices},
        )


def _named(rows: Any, of: str) -> Any:
    return rows.order_by().annotate(of=Value(of)).values_list("of", "pk", "name")


def rows_of(
    cases: Iterable[Case],
    *,
    reader: Any,
    chosen: Collection[int] = (),
    kinds: Iterable[CaseKind] | None = None,
) -> list[SafeString]:
    found = list(cases)
    if not found:
        return []
    words = Words.of(found, CaseKind.objects.all() if kinds is None else kinds)
    return [_row(case, words, reader=reader, is_chosen=case.pk in chosen) for case in found]


def _row(case: Case, words: Words, *, reader: Any, is_chosen: bool) -> SafeString:
    clock = which(case)
    return draw(
        pk=case.pk,
        code=case.code,
        gist=case.gist or _("(no words)"),
        name=case.name,
        kind=words.kinds[case.kind_id],
        due=due(case.due_at) if case.due_at else moment(case.opened_at),
        clock=str(words_of(clock, case.state)),
        share=str(share_of(case)) if case.due_at else "",
        tone=_tone(case),
        state=words.states[case.state],
        store=words.stores[case.store_id],
        owner=_owner(case, words, reader),
        is_nobodys=case.owner_id is None,
        is_urgent=case.urgency > 0,
        urgency=words.urgencies[case.urgency],
        is_offered=case.offered_to_id == reader.pk,
        channel=ICONS.get(case.channel, "mail"),
        is_chosen=is_chosen,
    )


def _owner(case: Case, words: Words, reader: Any) -> str:
    if case.owner_id is None:
        return words.queues[case.queue]
    return pgettext("owner", "me") if case.owner_id == reader.pk else words.owners[case.owner_id]


def _tone(case: Case) -> str:
    return "broken" if case.is_late else "kept" if case.closed_at else "quiet"


def _heading(filters: Filter, waiting: Mapping[str, str]) -> str:
    """What this list says, as a sentence."""
    for view in VIEWS:
        if dict(view.query) == filters.query:
            return view.says(waiting.get(view.name, ""))
    if filters.query == {"whose": "offered"}:
        return OFFERED.says(waiting["offered"])
    if filters.is_history:
        return _("What is over, the newest first")
    return _("What fits these filters, by its clock")


@require_POST
@desk_only
def keep(request: DeskRequest) -> HttpResponse:
    """These filters under a name of her own."""
    query = request.POST.get("query", "").removeprefix("?").rstrip("&")[:300]
    try:
        views.keep_view(request.user, name=request.POST.get("name", ""), query=query)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{reverse('agent:inbox')}?{query}")


@require_POST
@desk_only
def drop(request: DeskRequest, pk: int) -> HttpResponse:
    views.drop_view(get_object_or_404(SavedView, pk=pk, staff=request.user))
    return redirect("agent:inbox")
