"""How a family stands with us; said by its manager or by head office."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from warmline.base.forms import put_errors
from warmline.core.people import standing
from warmline.core.people.models import Household, Staff
from warmline.doors.guide.access import GuideRequest, my_family, staff_only

MAY = (Staff.Role.MANAGER, Staff.Role.HQ)


class StandingForm(forms.Form):
    tier = forms.TypedChoiceField(
        label=_("How much it counts"),
        coerce=int,
        choices=Household.Tier,
        widget=forms.RadioSelect,
        help_text=_("Key families come first on every list."),
    )
    status = forms.ChoiceField(
        label=_("Is it still with us?"), choices=Household.Status, widget=forms.RadioSelect
    )
    why = forms.ChoiceField(
        label=_("If it is gone: why?"),
        choices=[("", "—"), *standing.Why.choices],
        required=False,
        help_text=_(
            "A family that is gone is rung for deliveries and recalls alone. If it asked for that,"
            " its consents to care calls, offers and surveys are withdrawn."
        ),
    )


@require_http_methods(["GET", "POST"])
@staff_only
def edit(request: GuideRequest, pk: int) -> HttpResponse:
    if request.user.role not in MAY:
        raise Http404
    family = my_family(request, pk)
    form = StandingForm(request.POST or None, initial=_facts(family))
    if request.method == "POST" and form.is_valid():
        try:
            standing.change(family, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("guide:family", family.pk)
    context = {"family": family, "form": form}
    return render(
        request, "guide/family/standing.html", context, status=422 if form.is_bound else 200
    )


def _facts(family: Household) -> dict[str, Any]:
    return {"tier": family.tier, "status": family.status, "why": gone(family)}


def gone(family: Household) -> str:
    """Why it is gone, if it is and somebody said so."""
    return standing.why_gone(family) if family.status == Household.Status.GONE else ""


def gone_words(family: Household) -> Any:
    why = gone(family)
    return standing.Why(why).label if why in standing.Why.values else ""
