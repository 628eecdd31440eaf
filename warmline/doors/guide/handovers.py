"""A handover as the family hears of it: who shall call from tomorrow on, and their no to it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from warmline.base.clock import now
from warmline.base.forms import put_errors
from warmline.core.people import handing_over
from warmline.core.people.keeping import who_answers
from warmline.core.people.models import HandoverItem, Household, Staff
from warmline.doors.guide.access import GuideRequest, my_family, staff_only

WAITING, REFUSED = HandoverItem.Status.WAITING, HandoverItem.Status.REFUSED


class RefusalForm(forms.Form):
    """What the family says, and whom it would rather have."""

    reason = forms.CharField(label=_("What do they say?"), max_length=200)
    instead = forms.ModelChoiceField(
        Staff.objects.none(), label=_("Whom would they rather have?"), required=False
    )

    def __init__(self, *args: Any, family: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guides = Staff.objects.at_work().filter(role=Staff.Role.GUIDE, store=family.store_id)
        choice = self.fields["instead"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = guides.exclude(pk=family.home_guide_id).order_by("name")
        choice.empty_label = str(_("nobody else: as it was"))


@dataclass(frozen=True)
class Shown:
    """What the family's file says of a handover: it is under way, or was refused."""

    item: HandoverItem
    form: RefusalForm | None = None
    answers: Staff | None = None


def shown(family: Household, *, form: RefusalForm | None = None) -> Shown | None:
    item = handing_over.latest(family)
    if item is None or item.status not in (WAITING, REFUSED):
        return None
    if item.status == WAITING:
        return Shown(item, form=form or RefusalForm(family=family))
    return Shown(item, answers=who_answers(family, now()))


@require_POST
@staff_only
def refuse(request: GuideRequest, pk: int) -> HttpResponse:
    """They would rather not: it stays as it was, or goes to whom they name."""
    from warmline.doors.guide.family import file_of  # the file shows this form

    family = my_family(request, pk)
    item = handing_over.latest(family)
    if item is None:
        raise Http404
    form = RefusalForm(request.POST, family=family)
    if form.is_valid():
        try:
            handing_over.refuse(item, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("guide:family", family.pk)
    return file_of(request, family, status=422, handover=shown(family, form=form))
