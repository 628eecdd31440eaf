"""The case board of oddities: what does not fit, with its evidence; taken up, and closed by a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from warmline.base.clock import now
from warmline.base.forms import put_errors
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.doors.hq.tile_map import tile_map
from warmline.goods.trace import diverting, journeys, knowing, partners, provinces, suspects
from warmline.goods.trace.diverting import RULES
from warmline.goods.trace.gaps import (
    TRANSIT_DAYS,
    redeemed_never_sold,
    shipped_never_received,
    sold_never_scanned,
)
from warmline.goods.trace.models import Lot, Oddity, Party
from warmline.goods.trace.steps import STEPS
from warmline.look.tables import Column, as_file, exports_of, listing, stamp

AT_ONCE_MAX = 500
DAYS = 90  # of which a dealer's share is taken
STATES = {"open": "soon", "taken": "soon", "settled": "kept"}
WHICH = [
    ("", gettext_lazy("not settled")),
    ("open", pgettext_lazy("an oddity", "Open")),
    ("taken", gettext_lazy("Taken up")),
    ("settled", gettext_lazy("Settled")),
    ("all", gettext_lazy("all")),
]


def views() -> list[tuple[str, Any]]:
    return [
        (reverse("hq:oddities"), _("Oddities")),
        (reverse("hq:suspects"), _("By dealer")),
        (reverse("hq:gaps"), _("Gaps")),
    ]


class FilterForm(forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=WHICH, required=False)
    rule = forms.ChoiceField(
        label=gettext_lazy("Rule"),
        choices=[("", gettext_lazy("all")), *((k, v) for k, v in RULES.items())],
        required=False,
    )
    province = forms.ChoiceField(
        label=gettext_lazy("Seen in"),
        choices=[
            ("", gettext_lazy("everywhere")),
            *((p.code, p.name) for p in provinces.PROVINCES.values()),
        ],
        required=False,
    )
    party = forms.ModelChoiceField(
        Party.objects.filter(oddities__isnull=False).distinct().order_by("name"),
        label=gettext_lazy("Partner"),
        required=False,
        empty_label=gettext_lazy("all"),
    )
    lot = forms.ModelChoiceField(
        Lot.objects.filter(oddities__isnull=False).distinct().order_by("number"),
        label=gettext_lazy("Lot"),
        required=False,
        empty_label=gettext_lazy("all"),
    )

    def rows(self) -> Any:
        rows = Oddity.objects.select_related("party", "lot", "taken_by").order_by("-at", "-pk")
        said = self.cleaned_data if self.is_valid() else {}
        state = said.get("state", "")
        if state in Oddity.Status.values:
            rows = rows.filter(status=state)
        elif state != "all":
            rows = rows.exclude(status=Oddity.Status.SETTLED)
        if said.get("rule"):
            rows = rows.filter(rule=said["rule"])
        if said.get("province"):
            rows = rows.filter(area__startswith=said["province"])
        for name in ("party", "lot"):
            if said.get(name):
                rows = rows.filter(**{name: said[name]})
        return rows


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=gettext_lazy("What it was"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ThresholdForm(forms.Form):
    threshold = forms.FloatField(
        label=gettext_lazy("Elsewhere at most, %"), min_value=0, max_value=100
    )


@require_safe
@hq_only
def index(request: HQRequest) -> HttpResponse:
    return _board(request)


@require_POST
@hq_only
def settle_many(request: HQRequest) -> HttpResponse:
    """All that the filter shows, with one word: five cases of one lorry are one story."""
    form, rows = OutcomeForm(request.POST, auto_id="all_%s"), FilterForm(request.GET).rows()
    if form.is_valid():
        try:
            chosen = rows.exclude(status=Oddity.Status.SETTLED)[: AT_ONCE_MAX + 1]
            if len(chosen) > AT_ONCE_MAX:
                most = _("At most %(most)s at a time: filter further.") % {"most": AT_ONCE_MAX}
                raise ValidationError(most)
            outcome = form.cleaned_data["outcome"]
            diverting.settle_all(chosen, outcome=outcome, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect(reverse("hq:oddities") + "#list")
    return _board(request, form)


def _board(request: HQRequest, wrong: forms.Form | None = None) -> HttpResponse:
    """The board: the map, and the list with its filters."""
    form = FilterForm(request.GET)
    is_filtered = any(request.GET.get(name) for name in ("rule", "province", "party", "lot"))
    over = {one.party.pk for one in suspects.suspects(since=now() - timedelta(days=DAYS))}
    columns = [
        Column(_("No."), lambda o: o.pk, link=lambda o: reverse("hq:oddity", args=[o.pk])),
        Column(_("Rule"), lambda o: rule_name(o.rule)),
        Column(_("Seen on"), lambda o: stamp(o.at)),
        Column(_("Seen in"), lambda o: provinces.name_of(o.area) if o.area else "—"),
        Column(_("Partner"), lambda o: str(o.party) if o.party else "—"),
        Column(_("Lot"), lambda o: o.lot.number if o.lot else "—"),
        Column(_("State"), lambda o: o.get_status_display(), state=lambda o: STATES[o.status]),
        Column(_("Taken up by"), lambda o: o.taken_by.name if o.taken_by else ""),
    ]
    answer = listing(
        request, "hq/oddities/index.html", form.rows(), columns, name="oddities",
        title=_("Oddities"),
        heading=_("What is not as it should be?"), views=views(), filters=form, map=tile_map(over=over), over=len(over),
        icon="flag", why=_("Nothing odd: goods are where they were sent, as far as anybody scanned."),
        outcome=wrong or OutcomeForm(auto_id="all_%s"), wrong=wrong,
        may_settle=is_filtered and request.user.role == "hq",
    )  # fmt: skip
    answer.status_code = 422 if wrong else 200
    return answer


def rule_name(rule: str) -> str:
    said = str(RULES.get(rule, rule))
    return f"{rule} · {said}" if rule.startswith("R") else said


@require_safe
@hq_only
def dealers(request: HQRequest) -> HttpResponse:
    return _dealers(request)


def _dealers(
    request: HQRequest, wrong: forms.Form | None = None, at: int | None = None
) -> HttpResponse:
    rows = suspects.dealers(since=now() - timedelta(days=DAYS))
    if file := as_file(request, rows, _DEALERS, name="dealers"):
        return file
    context = {
        "exports": exports_of(request),
        "rows": rows,
        "days": DAYS,
        "least": suspects.SEEN_MIN,
        "views": views(),
        "wrong": wrong,
        "at": at,
        "may_act": request.user.role == "hq",
    }
    return render(request, "hq/oddities/dealers.html", context, status=422 if wrong else 200)


_DEALERS = [
    Column(gettext_lazy("Dealer"), lambda d: str(d.party)),
    Column(gettext_lazy("Went through its hands"), lambda d: d.handled, is_number=True),
    Column(gettext_lazy("Elsewhere"), lambda d: d.elsewhere, is_number=True),
    Column(gettext_lazy("Share, %"), lambda d: round(100 * d.share, 1), is_number=True),
    Column(gettext_lazy("At most, %"), lambda d: d.line),
    Column(gettext_lazy("over its line"), lambda d: _("yes") if d.is_over else ""),
]


@require_POST
@hq_only
def threshold(request: HQRequest, pk: int) -> HttpResponse:
    """How much of this dealer's goods may turn up elsewhere."""
    party, form = get_object_or_404(Party, pk=pk), ThresholdForm(request.POST)
    if not form.is_valid():
        return _dealers(request, form, pk)
    partners.set_threshold(party, form.cleaned_data["threshold"] / 100)
    return redirect(reverse("hq:suspects") + f"#dealer-{pk}")


@dataclass(frozen=True, slots=True)
class Gap:
    """A unit of which a step is missing."""

    step: Any
    code: str
    lot: Any
    where: Any
    at: datetime | None


_GAPS = [
    Column(gettext_lazy("What is missing"), lambda g: g.step),
    Column(gettext_lazy("Code"), lambda g: g.code),
    Column(gettext_lazy("Lot"), lambda g: g.lot.number if g.lot else ""),
    Column(gettext_lazy("Last seen at"), lambda g: str(g.where or "")),
    Column(gettext_lazy("Seen on"), lambda g: stamp(g.at) if g.at else ""),
]


@require_safe
@hq_only
def gaps(request: HQRequest) -> HttpResponse:
    """Sold but never scanned in, shipped but never received, redeemed but never sold."""
    sold = sold_never_scanned(limit=200)
    sent = shipped_never_received(limit=200)
    opened = redeemed_never_sold(limit=200)
    ids = [o.unit_id for o in sold if o.unit_id] + [u.unit_id for u in sent + opened]
    names = knowing.names(ids)
    held = journeys.held([u.unit_id for u in sent])
    found: list[Any] = [*sold, *sent, *opened]
    lots = Lot.objects.in_bulk({x.lot_id for x in found if x.lot_id})

    def gap(step: str, x: Any, where: Any, at: datetime | None) -> Gap:
        return Gap(step, _code(names, x.unit_id), lots.get(x.lot_id or 0), where, at)

    def place(unit: int) -> Any:
        return held[unit].place if unit in held else None

    rows = [gap(_("Sold, never scanned in"), o, o.party, o.at) for o in sold]
    rows += [gap(_("Shipped, never received"), u, place(u.unit_id), u.state_time) for u in sent]
    rows += [gap(_("Opened, never sold"), o, None, o.registered_at) for o in opened]
    if file := as_file(request, rows, _GAPS, name="gaps"):
        return file
    context = {
        "exports": exports_of(request),
        "views": views(),
        "sold": [(o, _code(names, o.unit_id), lots.get(o.lot_id or 0)) for o in sold],
        "sent": [
            (u, _code(names, u.unit_id), lots.get(u.lot_id or 0), held.get(u.unit_id)) for u in sent
        ],
        "opened": [(o, _code(names, o.unit_id), lots.get(o.lot_id or 0)) for o in opened],
        "days": TRANSIT_DAYS,
    }
    return render(request, "hq/oddities/gaps.html", context)


def _code(names: dict[int, str], unit: int | None) -> str:
    return names.get(unit or 0, "—").rsplit("/", 1)[-1]


@require_safe
@hq_only
def show(request: HQRequest, pk: int) -> HttpResponse:
    return _show(request, _oddity(pk), OutcomeForm())


def _oddity(pk: int) -> Oddity:
    rows = Oddity.objects.select_related("party", "lot__product", "taken_by", "settled_by")
    return get_object_or_404(rows, pk=pk)


def _show(request: HQRequest, odd: Oddity, form: forms.Form) -> HttpResponse:
    names = knowing.names([odd.unit_id]) if odd.unit_id else {}
    context = {
        "odd": odd,
        "rule": rule_name(odd.rule),
        "state": STATES[odd.status],
        "uri": names.get(odd.unit_id or 0, ""),
        "chain": list(_stops(odd.evidence.get("chain", ()))),
        "facts": _facts(odd.evidence),
        "seen_in": provinces.name_of(odd.area) if odd.area else "",
        "territory": [provinces.name_of(area) for area in odd.party.territory] if odd.party else [],
        "form": form,
        "may_act": request.user.role == "hq" and odd.status != Oddity.Status.SETTLED,
        "same": Oddity.objects.filter(unit_id=odd.unit_id).exclude(pk=odd.pk)[:10],
    }
    return render(request, "hq/oddities/show.html", context, status=422 if form.is_bound else 200)


def _stops(chain: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for stop in chain:
        said = str(STEPS.get(stop.get("step", ""), stop.get("step", "")))
        yield stop | {"what": said, "at": parse_datetime(str(stop.get("at", "")))}


FACTS: dict[str, Any] = {
    "area": gettext_lazy("Area where it was read"),
    "meant_for": gettext_lazy("Sent to"),
    "received_by": gettext_lazy("Received by"),
    "km": gettext_lazy("Distance, km"),
    "hours": gettext_lazy("Hours between"),
    "was": gettext_lazy("Before that it was"),
    "devices": gettext_lazy("Devices"),
    "looks": gettext_lazy("Look-ups"),
    "first_at": gettext_lazy("First looked up"),
    "cities": gettext_lazy("Cities"),
    "tins": gettext_lazy("Tins in the case"),
    "before": gettext_lazy("The first time"),
    "at": gettext_lazy("Told for"),
    "since": gettext_lazy("Since"),
}
ENDS = {"sold": gettext_lazy("sold"), "destroyed": gettext_lazy("destroyed")}


def _facts(evidence: dict[str, Any]) -> list[tuple[Any, str]]:
    """What a rule wrote down, in words; partners by their names."""
    uris = {u for k in ("meant_for", "received_by") for u in _listed(evidence.get(k))}
    called = {p.uri: str(p) for p in Party.objects.filter(uri__in=uris)}
    said = []
    for name, label in FACTS.items():
        if name not in evidence:
            continue
        values = [called.get(v, v) for v in map(str, _listed(evidence[name]))]
        if name == "was":
            values = [str(ENDS.get(v, v)) for v in values]
        elif name in ("first_at", "before", "at", "since"):
            values = [stamp(at) if (at := parse_datetime(v)) else v for v in values]
        elif name == "area":
            values = [f"{provinces.name_of(v)} {v}" for v in values]
        said.append((label, "、".join(values)))
    return said


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


@require_POST
@hq_only
def take_up(request: HQRequest, pk: int) -> HttpResponse:
    diverting.take_up(_oddity(pk), by=request.user)
    return redirect("hq:oddity", pk)


@require_http_methods(["POST"])
@hq_only
def settle(request: HQRequest, pk: int) -> HttpResponse:
    odd, form = _oddity(pk), OutcomeForm(request.POST)
    if form.is_valid():
        try:
            diverting.settle(odd, outcome=form.cleaned_data["outcome"], by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("hq:oddity", pk)
    return _show(request, odd, form)
