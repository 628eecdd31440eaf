"""The recall room: called back with a look before, and counted until every tin is accounted for."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from warmline.base.forms import put_errors
from warmline.core.contacts.models import Message
from warmline.core.people.reading import saw
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.doors.hq.recall_clocks import clocks
from warmline.doors.hq.recall_forms import (
    BY,
    FORMS,
    WAYS_TO_TELL,
    EndForm,
    FamilyForm,
    HoldingForm,
    RecallForm,
    ScopeForm,
    StrangersForm,
    ToldForm,
)
from warmline.goods.trace import recalls, scopes
from warmline.goods.trace.models import Hold, Recall, RecallFamily, RecallHolding
from warmline.look.tables import Column, listing, stamp
from warmline.service.care import still_open

FAMILIES_A_PAGE = 50
STATES = {"declared": "soon", "closed": "kept", "withdrawn": "quiet"}
ENDS: dict[str, Callable[..., None]] = {"close": recalls.close, "withdraw": recalls.withdraw}


@require_safe
@hq_only
def index(request: HQRequest) -> HttpResponse:
    """All of them, and the drills, newest first."""
    columns = [
        Column(_("Declared"), lambda r: stamp(r.declared_at)),
        Column(_("What"), lambda r: r.title, link=lambda r: reverse("hq:recall", args=[r.pk])),
        Column(_("Class"), lambda r: r.level, is_number=True),
        Column(_("For real?"), lambda r: _("drill") if r.is_drill else _("for real")),
        Column(_("State"), lambda r: r.get_status_display(), state=lambda r: STATES[r.status]),
        Column(_("Tins"), lambda r: r.units, is_number=True),
        Column(_("Sold"), lambda r: r.sold, is_number=True),
        Column(_("Known in, ms"), lambda r: r.impact_ms, is_number=True),
        Column(_("By"), lambda r: r.declared_by.name if r.declared_by else ""),
    ]
    return listing(
        request,
        "hq/list.html",
        Recall.objects.select_related("declared_by").order_by("-pk"),
        columns,
        name="recalls",
        title=_("Recalls"),
        heading=_("What was called back?"),
        add=reverse("hq:recall-new") if request.user.role == "hq" else "",
        add_words=_("Call back, or rehearse it"),
        icon="megaphone",
        why=_("Nothing was ever called back. Rehearse it before it is needed."),
    )


@require_http_methods(["GET", "POST"])
@hq_only
def new(request: HQRequest) -> HttpResponse:
    """What, why, and a look at who has it; only the second button declares."""
    by = request.GET.get("by", "lot")
    by = by if by in FORMS else "lot"
    known = _of_hold(request.GET.get("hold", ""))
    what = FORMS[by](request.POST or None, initial=known)
    why = RecallForm(request.POST or None, initial=known)
    scope = _scope_of(what) if what.is_bound else None
    if scope and "declare" in request.POST and why.is_valid():
        try:
            recall = recalls.declare(scope, **why.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(why, error)
        else:
            still_open.rank(recall)  # at once: she looks at the list now, and the calls follow
            return redirect("hq:recall", recall.pk)
    if "declare" not in request.POST and why.is_bound:
        why = RecallForm(initial={name: why[name].value() for name in why.fields})
    context = {"what": what, "why": why, "by": by, "ways": BY.items()}
    if scope:
        found, likely = recalls.impact(scope), still_open.foreseen(scope)
        saw(request, [family.household_id for family in likely], "name")
        context |= {"found": found, "likely": likely, "families": len(found.buyers)}
    is_wrong = what.errors or why.errors
    return render(request, "hq/recalls/new.html", context, status=422 if is_wrong else 200)


def _of_hold(said: str) -> dict[str, str]:
    """What is known of a lot whose sale is stopped: nobody types its number a second time."""
    pk = int(said) if said.isdecimal() and len(said) < 19 else 0
    held = Hold.objects.select_related("lot__product").filter(pk=pk).first()
    if held is None:
        return {}
    lot = held.lot
    product = str(lot.product or lot.gtin)
    title = _("%(product)s, lot %(lot)s") % {"product": product, "lot": lot.number}
    return {"lot": lot.number, "gtin": lot.gtin, "title": title[:120], "reason": held.why}


def _scope_of(form: ScopeForm) -> scopes.Scope | None:
    if not form.is_valid():
        return None
    try:
        scope = form.scope()
    except ValidationError as error:
        put_errors(form, error)
        return None
    if scope.is_empty:
        form.add_error(None, _("Nothing that we know of belongs to this."))
        return None
    return scope


@require_safe
@hq_only
def show(request: HQRequest, pk: int) -> HttpResponse:
    return _room(request, _recall(pk))


def _recall(pk: int) -> Recall:
    return get_object_or_404(Recall.objects.select_related("declared_by"), pk=pk)


def _room(
    request: HQRequest, recall: Recall, wrong: forms.Form | None = None, at: str = ""
) -> HttpResponse:
    """The room; `wrong` is the form that was refused, shown where it stands (`at`)."""
    pages = Paginator(_families(recall), FAMILIES_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    saw(request, [family.household_id for family in page.object_list], "name")
    context = {
        "recall": recall,
        "clocks": clocks(recall),
        "effect": recalls.effect(recall),
        "percent": percent(recall),
        "scopes": list(recall.scopes.values_list("said", flat=True).distinct()[:20]),
        "holdings": list(_holdings(recall)),
        "page": page,
        "texts": _texts(page.object_list),
        "query": "",
        "may_act": request.user.role == "hq" and recall.status == Recall.Status.DECLARED,
        "told": ToldForm(),
        "ends": wrong if at == "end" else EndForm(),
        "wrong": wrong,
        "at": at,
    }
    return render(request, "hq/recalls/room.html", context, status=422 if wrong else 200)


def percent(recall: Recall) -> int:
    """Rounded down: it is 100 only when every single tin is accounted for."""
    return int(recalls.effect(recall).share * 100)


def _families(recall: Recall) -> Any:
    rows = recall.families.select_related("household__home_guide", "store")
    return rows.prefetch_related("household__members").order_by(
        "-chance_open", "-last_sold_at", "pk"
    )


def _holdings(recall: Recall) -> Any:
    return recall.holdings.select_related("party", "place", "store", "confirmed_by").order_by(
        "-stock", "pk"
    )


def _texts(families: Any) -> dict[int, str]:
    """How the text to each family stands."""
    ids = {family.message_id: family.pk for family in families if family.message_id}
    return {ids[m.pk]: m.get_status_display() for m in Message.objects.filter(pk__in=ids)}


@require_POST
@hq_only
def confirm(request: HQRequest, pk: int, holding: int) -> HttpResponse:
    """A shop or dealer told us what it put aside."""
    row = get_object_or_404(_running(RecallHolding, pk), pk=holding)
    form = HoldingForm(request.POST)
    return _done(
        request, pk, form, f"holding-{row.pk}",
        lambda said: recalls.confirm(row, **said, by=request.user),
    )  # fmt: skip


@require_POST
@hq_only
def account(request: HQRequest, pk: int, family: int) -> HttpResponse:
    """What became of a family's tins."""
    row = get_object_or_404(_running(RecallFamily, pk), pk=family)
    form = FamilyForm(request.POST)
    return _done(
        request, pk, form, f"family-{row.pk}",
        lambda said: recalls.account(row, **{name: n or 0 for name, n in said.items()}),
    )  # fmt: skip


@require_POST
@hq_only
def strangers(request: HQRequest, pk: int) -> HttpResponse:
    """What came back of tins whose buyers nobody knows."""
    recall = get_object_or_404(Recall, pk=pk, status=Recall.Status.DECLARED)
    form = StrangersForm(request.POST)
    return _done(
        request, pk, form, "strangers",
        lambda said: recalls.account_for_strangers(recall, back=said["back"]),
    )  # fmt: skip


@require_POST
@hq_only
def tell(request: HQRequest, pk: int, family: int) -> HttpResponse:
    """Somebody told the family outside our calls: that is a proof too."""
    row = get_object_or_404(_running(RecallFamily, pk), pk=family)
    form = ToldForm(request.POST)
    return _done(
        request, pk, form, f"family-{row.pk}", lambda said: recalls.tell(row, how=said["how"])
    )


def _running(model: Any, pk: int) -> Any:
    return model.objects.filter(recall=pk, recall__status=Recall.Status.DECLARED)


def _done(
    request: HQRequest, pk: int, form: forms.Form, at: str, act: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            where = reverse("hq:recall", args=[pk])
            page = request.GET.get("page", "")
            return redirect(f"{where}?page={page}#{at}" if page.isdigit() else f"{where}#{at}")
    return _room(request, _recall(pk), form, at)


@require_POST
@hq_only
def end(request: HQRequest, pk: int) -> HttpResponse:
    """Closed with what came of it, or withdrawn because the alarm was false."""
    recall, form = _recall(pk), EndForm(request.POST)
    act = ENDS.get(request.POST.get("how", ""), recalls.close)
    if form.is_valid():
        act(recall, outcome=form.cleaned_data["outcome"], by=request.user)
        return redirect("hq:recall", pk)
    return _room(request, recall, form, "end")


@require_safe
@hq_only
def families(request: HQRequest, pk: int) -> HttpResponse:
    """Every family with the proof that it was told, as a list or a file."""
    recall = _recall(pk)

    def seen(found: Any) -> None:
        saw(request, [family.household_id for family in found], "name", "purchase")

    columns = [
        Column(_("Family"), lambda f: str(f.household),
               link=lambda f: reverse("guide:family", args=[f.household_id])),
        Column(_("Store"), lambda f: f.store.name if f.store else ""),
        Column(_("Guide"), lambda f: f.household.home_guide.name if f.household.home_guide else ""),
        Column(_("Bought"), lambda f: stamp(f.last_sold_at)),
        Column(_("Tins"), lambda f: len(f.units), is_number=True),
        Column(_("Still open, %"), lambda f: round(100 * f.chance_open), is_number=True),
        Column(_("Text sent"), lambda f: stamp(f.messaged_at) if f.messaged_at else ""),
        Column(_("Told"), lambda f: stamp(f.told_at) if f.told_at else ""),
        Column(_("How"), lambda f: _how(f)),
        Column(_("Brought back"), lambda f: f.returned, is_number=True),
        Column(_("Used up"), lambda f: f.used_up, is_number=True),
    ]  # fmt: skip
    return listing(
        request, "hq/list.html", _families(recall), columns, name=f"recall-{pk}-families",
        seen=seen, title=_("Families: %(title)s") % {"title": recall.title},
        back=reverse("hq:recall", args=[pk]), back_words=_("The recall"),
        icon="house", why=_("No family that we know bought any."),
    )  # fmt: skip


def _how(family: RecallFamily) -> str:
    return str(dict(WAYS_TO_TELL).get(family.told_by, family.told_by))


def _ways(recall: Recall) -> list[tuple[str, int]]:
    """How many families were told in which way: the proofs, counted."""
    counted = recall.families.filter(told_at__isnull=False).values_list("told_by")
    return [
        (str(dict(WAYS_TO_TELL).get(how, how)), n)
        for how, n in counted.annotate(n=Count("pk")).order_by("-n")
    ]


@require_safe
@hq_only
def holders(request: HQRequest, pk: int) -> HttpResponse:
    """Every shop, dealer and warehouse with what it said, as a list or a file."""
    recall = _recall(pk)
    columns = [
        Column(_("Who"), lambda h: str(h.party or h.place or _("nobody knows"))),
        Column(_("Where"), lambda h: h.place.city or str(h.place) if h.place else ""),
        Column(_("Had"), lambda h: h.stock, is_number=True),
        Column(_("Put aside"), lambda h: h.set_aside, is_number=True),
        Column(_("Of which destroyed"), lambda h: h.destroyed, is_number=True),
        Column(_("Said on"), lambda h: stamp(h.confirmed_at) if h.confirmed_at else ""),
        Column(_("Written down by"), lambda h: h.confirmed_by.name if h.confirmed_by else ""),
    ]
    return listing(
        request, "hq/list.html", _holdings(recall), columns, name=f"recall-{pk}-stock",
        title=_("Stock: %(title)s") % {"title": recall.title},
        back=reverse("hq:recall", args=[pk]), back_words=_("The recall"),
        icon="store", why=_("Nobody had any left."),
    )  # fmt: skip


@require_safe
@hq_only
def report(request: HQRequest, pk: int) -> HttpResponse:
    """What the recall or the drill came to, on one page for the files and the authority."""
    recall = _recall(pk)
    told = recall.families.aggregate(first=Min("told_at"), last=Max("told_at"))
    texted = recall.families.aggregate(first=Min("messaged_at"), last=Max("messaged_at"))
    context = {
        "recall": recall,
        "clocks": clocks(recall),
        "effect": recalls.effect(recall),
        "percent": percent(recall),
        "told": told,
        "texted": texted,
        "ways": _ways(recall),
        "scopes": list(recall.scopes.values_list("said", flat=True).distinct()[:50]),
        "holdings": list(_holdings(recall)),
    }
    return render(request, "hq/recalls/report.html", context)
