"""What waits for a yes: somebody would like to give more than she may decide alone."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from warmline.base.forms import pressed, put_errors
from warmline.doors.agent.access import DeskRequest, audit, desk_only, my_cases
from warmline.doors.agent.inbox import beside
from warmline.look.tables import Column, drawn, stamp
from warmline.service.desk import deciding
from warmline.service.desk.models import Remedy

SHOWN = 100


class DecisionForm(forms.Form):
    """Yes or no is which button was pressed; a no has its reason."""

    is_yes = pressed(_("Yes"), _("No"), neither=_("Say yes or no."))
    words = forms.CharField(
        label=_("A word to who asked"),
        max_length=500,
        required=False,
        help_text=_("A no says why."),
    )


def form_of(remedy: Remedy, data: Any = None) -> DecisionForm:
    return DecisionForm(data, auto_id=f"decision{remedy.pk}_%s")


@require_safe
@desk_only
def index(request: DeskRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: DeskRequest, *, form: DecisionForm | None = None, about: int = 0, status: int = 200
) -> HttpResponse:
    rows = deciding.to_decide(request.user)

    def page() -> dict[str, Any]:
        waiting = list(rows[:SHOWN])
        seen(waiting)
        drawn_rows = [(r, form if form and r.pk == about else form_of(r)) for r in waiting]
        return {"rows": drawn_rows, **beside(request)}

    def seen(found: Any) -> None:
        audit(request, [r.case for r in found], "case")

    return drawn(
        request, "agent/approvals/index.html", page, rows, _COLUMNS, name="approvals",
        file_seen=seen, status=status,
    )  # fmt: skip


_COLUMNS = [
    Column(_("Case"), lambda r: r.case.code),
    Column(_("Kind"), lambda r: str(r.case.kind)),
    Column(_("Store"), lambda r: r.case.store.name),
    Column(_("What"), lambda r: r.get_kind_display()),
    Column("¥", lambda r: float(r.amount), is_number=True),
    Column(_("Why"), lambda r: r.why),
    Column(_("Asked by"), lambda r: r.asked_by.name),
    Column(_("Asked on"), lambda r: stamp(r.asked_at)),
]


@require_POST
@desk_only
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    """A yes or a no, once, from somebody whose authority reaches so far."""
    seen = Remedy.objects.filter(case__in=my_cases(request)).select_related("case")
    remedy = get_object_or_404(seen, pk=pk)
    form = form_of(remedy, request.POST)
    if form.is_valid():
        try:
            deciding.decide(remedy, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            asked = request.POST.get("back") == "case"
            return redirect("agent:case", remedy.case_id) if asked else redirect("agent:approvals")
    return _page(request, form=form, about=pk, status=422)
