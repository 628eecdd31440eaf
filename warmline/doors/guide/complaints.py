"""They are not content: what they said is kept in their words, and what cannot wait is said at once."""

from uuid import uuid4

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from warmline.core.contacts import red_flags
from warmline.core.contacts.conversations import log
from warmline.core.contacts.models import Contact, Medium, Purpose
from warmline.core.people import complaining
from warmline.doors.guide.access import GuideRequest, my_family, staff_only
from warmline.doors.guide.calls import hotline


class ComplaintForm(forms.Form):
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("What did they say?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    medium = forms.ChoiceField(
        label=gettext_lazy("How did they say it?"),
        choices=[(m.value, m.label) for m in (Medium.PHONE, Medium.VISIT, Medium.WECOM)],
        widget=forms.RadioSelect,
    )


def blank() -> ComplaintForm:
    initial = {"key": uuid4().hex, "medium": Medium.PHONE}
    return ComplaintForm(initial=initial, auto_id="complaint_%s")


@require_POST
@staff_only
def complain(request: GuideRequest, pk: int) -> HttpResponse:
    """Who calls next knows it, and a playbook asks how it went."""
    from warmline.doors.guide.family import file_of  # the file shows this form

    family = my_family(request, pk)
    form = ComplaintForm(request.POST, auto_id="complaint_%s")
    if not form.is_valid():
        return file_of(request, family, status=422, complaint_form=form)
    said = form.cleaned_data
    with transaction.atomic():
        log(
            key=f"{request.user.pk}:{said['key']}",
            household=family,
            staff=request.user,
            outcome=Contact.Outcome.REACHED,
            note=said["words"],
            medium=said["medium"],
            purpose=Purpose.SERVICE,
            is_inbound=True,
        )
        complaining.complained(family)
    if topic := red_flags.look(said["words"]):
        return hotline(request, family, topic)
    return redirect("guide:family", family.pk)
