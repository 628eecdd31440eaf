"""What a night saw, on the page of the case in which it is looked into; and what it was in the end."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from warmline.base.forms import pressed, put_errors
from warmline.core.people.models import Household, Staff
from warmline.core.people.reading import saw
from warmline.doors.agent.access import DeskRequest, desk_only, my_case
from warmline.goods.sales.models import Sale
from warmline.service.care import odd_buying
from warmline.service.care.models import OddBuying
from warmline.service.desk.models import Case


class OddForm(forms.Form):
    """Which button was pressed, and what it was."""

    is_explained = pressed(
        _("There is a reason"),
        _("It was misuse"),
        neither=_("Is there a reason, or was it misuse?"),
    )
    words = forms.CharField(
        label=_("What was it?"), max_length=500, widget=forms.Textarea({"rows": 2})
    )


@dataclass(frozen=True)
class Evidence:
    odd: OddBuying
    sentence: str
    family: Household | None  # whose it is, if the reader may see it
    receipts: list[Sale]
    form: OddForm | None


def of_case(request: DeskRequest, case: Case, *, form: OddForm | None = None) -> Evidence | None:
    """The finding behind this case with its receipts; reading it is audited."""
    asked = OddBuying.objects.select_related("rule", "product", "staff", "household", "resolved_by")
    odd = asked.filter(case_id=case.pk).first()
    if odd is None:
        return None
    may = odd.status == OddBuying.Status.FOUND and odd.staff_id != request.user.pk
    may = may and request.user.role != Staff.Role.AUDITOR
    family, receipts = odd.household, odd.figures.get("receipts") or []
    if family and not Household.objects.seen_by(request.user).filter(pk=family.pk).exists():
        family = None
    if family:
        saw(request, [family.pk], "name", "purchase")
    sales = Sale.objects.filter(pk__in=receipts).select_related("store").order_by("sold_at")
    drawn = form or OddForm(auto_id="odd_%s")
    return Evidence(odd, odd_buying.sentence(odd), family, list(sales), drawn if may else None)


@require_POST
@desk_only
def resolve(request: DeskRequest, pk: int) -> HttpResponse:
    """There is a reason, or it was misuse and is stopped; once."""
    from warmline.doors.agent.cases import page_of  # the case's page shows this form

    case = my_case(request, pk)
    odd = get_object_or_404(OddBuying, case_id=case.pk)
    form = OddForm(request.POST, auto_id="odd_%s")
    if form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        try:
            odd_buying.resolve(odd, **said, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("agent:case", pk)
    return page_of(request, case, status=422, odd=of_case(request, case, form=form))
