"""Cases that chance drew: marked as wanting no answer, or settled; looked at by who had no part in it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from warmline.base.forms import pressed, put_errors
from warmline.doors.agent.access import DeskRequest, audit, desk_only, my_cases
from warmline.doors.agent.inbox import beside
from warmline.look.tables import Column, drawn
from warmline.service.desk import sampling
from warmline.service.desk.models import Sample

SHOWN = 50


class LookForm(forms.Form):
    """Right or not is which button was pressed; what was not right is said."""

    is_right = pressed(
        _("It was right"), _("It was not right"), neither=_("Say whether it was right.")
    )
    words = forms.CharField(label=_("What did you find?"), max_length=500, required=False)


def _form(sample: Sample, data: Any = None) -> LookForm:
    return LookForm(data, auto_id=f"sample{sample.pk}_%s")


@require_safe
@desk_only
def index(request: DeskRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: DeskRequest, *, form: LookForm | None = None, about: int = 0, status: int = 200
) -> HttpResponse:
    rows = sampling.to_look_at(request.user)

    def page() -> dict[str, Any]:
        waiting = list(rows[:SHOWN])
        seen(waiting)
        cards = [(s, form if form and s.pk == about else _form(s)) for s in waiting]
        return {"rows": cards, **beside(request)}

    def seen(found: Any) -> None:
        audit(request, [s.case for s in found], "case")

    return drawn(
        request, "agent/samples/index.html", page, rows, _COLUMNS, name="spot-checks",
        file_seen=seen, status=status,
    )  # fmt: skip


_COLUMNS = [
    Column(_("Case"), lambda s: s.case.code),
    Column(_("What it is about"), lambda s: s.case.gist),
    Column(_("Kind"), lambda s: str(s.case.kind)),
    Column(_("Store"), lambda s: s.case.store.name),
    Column(_("Why drawn"), lambda s: s.get_reason_display()),
    Column(_("Drawn on"), lambda s: s.drawn_on),
    Column(_("By"), lambda s: s.event.by.name if s.event.by else ""),
    Column(
        pgettext_lazy("of a case", "Outcome"),
        lambda s: s.case.get_outcome_display() if s.case.outcome else "",
    ),
    Column(_("What was written"), lambda s: s.event.words),
]


@require_POST
@desk_only
def look(request: DeskRequest, pk: int) -> HttpResponse:
    """Right or not, once, by somebody who had no part in it."""
    sample = get_object_or_404(Sample.objects.filter(case__in=my_cases(request)), pk=pk)
    form = _form(sample, request.POST)
    if form.is_valid():
        try:
            sampling.look(sample, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("agent:samples")
    return _page(request, form=form, about=pk, status=422)
