"""Lots whose sale is to be stopped: what a case says, who has some, and head office's yes or no. And the
lots that are stopped, until it is known what is wrong with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from warmline.base.forms import pressed, put_errors
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.goods.trace import holding, recalls, scopes
from warmline.goods.trace.models import Hold
from warmline.look.tables import Column, drawn, stamp
from warmline.service.desk import freezing
from warmline.service.desk.models import Freeze

SHOWN = 50
CASES_SHOWN = 8
AREA = {"rows": 2}


class DecisionForm(forms.Form):
    """Which button was pressed, and why."""

    is_yes = pressed(_("Stop its sale"), _("Sell on"), neither=_("Stop its sale, or sell on?"))
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(AREA))


class ReleaseForm(forms.Form):
    outcome = forms.CharField(
        label=_("What was found?"), max_length=500, widget=forms.Textarea(AREA)
    )


def _decision(freeze: Freeze, data: Any = None) -> DecisionForm:
    return DecisionForm(data, auto_id=f"freeze{freeze.pk}_%s")


def _release(hold: Hold, data: Any = None) -> ReleaseForm:
    return ReleaseForm(data, auto_id=f"hold{hold.pk}_%s")


@require_safe
@hq_only
def index(request: HQRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: HQRequest,
    *,
    freeze_form: DecisionForm | None = None,
    hold_form: ReleaseForm | None = None,
    about: int = 0,
    status: int = 200,
) -> HttpResponse:
    """Each proposal with its cases and, where trace knows the lot, who has some of it now."""

    def page() -> dict[str, Any]:
        return _cards(freeze_form=freeze_form, hold_form=hold_form, about=about)

    template = "hq/freezes/index.html"
    return drawn(request, template, page, _lines(), _COLUMNS, name="stopped-lots", status=status)


def _cards(
    *, freeze_form: DecisionForm | None, hold_form: ReleaseForm | None, about: int
) -> dict[str, Any]:
    waiting = []
    for freeze in freezing.to_decide()[:SHOWN]:
        lot = freezing.lot_called(freeze.product_id, freeze.number)
        cases = list(freezing.cases_of(freeze)[: CASES_SHOWN + 1])
        form = freeze_form if freeze_form and freeze.pk == about else _decision(freeze)
        impact = recalls.impact(scopes.of_lots([lot])) if lot else None
        waiting.append((freeze, cases[:CASES_SHOWN], len(cases) > CASES_SHOWN, impact, form))
    running = _holds().filter(released_at__isnull=True)[:SHOWN]
    return {
        "waiting": waiting,
        "stopped": [
            (h, hold_form if hold_form and h.pk == about else _release(h)) for h in running
        ],
        "past": _holds().filter(released_at__isnull=False)[:SHOWN],
        "declined": _declined()[:SHOWN],
    }


def _holds() -> Any:
    return Hold.objects.select_related("lot__product", "by", "released_by").order_by("-since")


def _declined() -> Any:
    found = Freeze.objects.filter(status=Freeze.Status.DECLINED)
    return found.select_related("product", "decided_by", "case").order_by("-decided_at")


@dataclass(frozen=True)
class Line:
    """A lot that waits for a word, is stopped, or was decided before."""

    product: Any
    lot: str
    state: Any
    why: str
    since: datetime
    by: Any = None
    ended: datetime | None = None
    ended_by: Any = None
    words: str = ""


def _lines() -> Iterator[Line]:
    for freeze in freezing.to_decide():
        yield Line(
            freeze.product, freeze.number, freeze.get_status_display(), freeze.why,
            freeze.proposed_at, freeze.proposed_by,
        )  # fmt: skip
    for hold in _holds().order_by(F("released_at").desc(nulls_first=True), "-since"):
        yield Line(
            hold.lot.product or hold.lot.gtin, hold.lot.number,
            gettext("Sold again") if hold.released_at else gettext("Sale stopped"), hold.why,
            hold.since, hold.by, hold.released_at, hold.released_by, hold.outcome,
        )  # fmt: skip
    for freeze in _declined():
        yield Line(
            freeze.product, freeze.number, freeze.get_status_display(), freeze.why,
            freeze.proposed_at, freeze.proposed_by, freeze.decided_at, freeze.decided_by,
            freeze.reason,
        )  # fmt: skip


_COLUMNS = [
    Column(_("Product"), lambda x: str(x.product)),
    Column(_("Lot"), lambda x: x.lot),
    Column(_("State"), lambda x: x.state),
    Column(_("Why"), lambda x: x.why),
    Column(_("Since"), lambda x: stamp(x.since)),
    Column(_("By"), lambda x: str(x.by or "")),
    Column(_("Decided"), lambda x: stamp(x.ended) if x.ended else ""),
    Column(_("Decided by"), lambda x: str(x.ended_by or "")),
    Column(_("What was found?"), lambda x: x.words),
]


@require_POST
@hq_only
def decide(request: HQRequest, pk: int) -> HttpResponse:
    """Stop it or sell on, once."""
    freeze = get_object_or_404(Freeze.objects.select_related("product"), pk=pk)
    form = _decision(freeze, request.POST)
    if form.is_valid():
        try:
            freezing.decide(freeze, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("hq:freezes")
    return _page(request, freeze_form=form, about=pk, status=422)


@require_POST
@hq_only
def release(request: HQRequest, pk: int) -> HttpResponse:
    """It may be sold again, or it is called back and this stop has done its work."""
    hold = get_object_or_404(Hold, pk=pk)
    form = _release(hold, request.POST)
    if form.is_valid():
        try:
            holding.release(hold, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("hq:freezes")
    return _page(request, hold_form=form, about=pk, status=422)
