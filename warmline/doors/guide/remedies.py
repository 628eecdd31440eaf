"""On the phone: what is given to a family, and the yes or no of whoever may say it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from warmline.base.forms import money, pressed, put_errors
from warmline.core.people.models import Staff
from warmline.core.people.reading import saw_cases
from warmline.doors.guide.access import GuideRequest, staff_only
from warmline.service.desk import deciding
from warmline.service.desk.models import Case, Remedy, RemedyKind

WAITING_SHOWN = 20


def kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What do you give?"), choices=RemedyKind.choices, widget=forms.RadioSelect
    )


def amount_field() -> forms.DecimalField:
    return money(_("Worth (¥)"))


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


def of_case(case: Case, reader: Staff) -> list[tuple[Remedy, DecisionForm | None]]:
    """What is given or asked for; with a form where her yes or no counts."""
    found = case.remedies.select_related("asked_by", "decided_by").order_by("pk")
    return [(r, form_of(r) if deciding.may_say(reader, r) else None) for r in found]


def waiting(request: GuideRequest) -> list[tuple[Remedy, DecisionForm | None]]:
    """Colleagues who wait for her yes or no."""
    found = list(deciding.to_decide(request.user)[:WAITING_SHOWN])
    saw_cases(request, [r.case for r in found], "case")
    return [(remedy, form_of(remedy)) for remedy in found]


@require_POST
@staff_only
def decide(request: GuideRequest, pk: int, remedy: int) -> HttpResponse:
    """A yes or a no, once; what was typed comes back when it cannot be."""
    from warmline.doors.guide.cases import my_case, page_of  # the case's page shows this form

    case = my_case(request, pk)
    asked = get_object_or_404(case.remedies.select_related("asked_by"), pk=remedy)
    form = form_of(asked, request.POST)
    if form.is_valid():
        try:
            deciding.decide(asked, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("guide:case", pk)
    drawn = [(r, form if r.pk == remedy else f) for r, f in of_case(case, request.user)]
    return page_of(request, case, status=422, remedies=drawn)
