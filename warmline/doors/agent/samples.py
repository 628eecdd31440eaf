"""Cases that chance drew: marked as wanting no answer, or settled; looked at by who had no part in it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from warmline.base.forms import pressed, put_errors
from warmline.doors.agent.access import DeskRequest, audit, desk_only, my_cases
from warmline.doors.agent.inbox import beside
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
    waiting = list(sampling.to_look_at(request.user)[:SHOWN])
    audit(request, [s.case for s in waiting], "case")
    context = {
        "rows": [(s, form if form and s.pk == about else _form(s)) for s in waiting],
        **beside(request),
    }
    return render(request, "agent/samples/index.html", context, status=status)


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
