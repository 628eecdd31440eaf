"""They came in or rang: what they ask is a case with an owner and a clock before she hangs up, and what
cannot wait is said at once."""

from uuid import uuid4

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from warmline.core.contacts import red_flags
from warmline.core.contacts.models import Medium
from warmline.core.people.models import Staff
from warmline.doors.guide.access import GuideRequest, my_family, staff_only
from warmline.doors.guide.calls import hotline
from warmline.service.desk import receiving
from warmline.service.desk.models import CaseKind, Channel

CHANNELS = {
    Medium.PHONE.value: Channel.PHONE,
    Medium.VISIT.value: Channel.WALK_IN,
    Medium.WECOM.value: Channel.WECOM,
}
ASKED_FIRST = (Staff.Role.GUIDE, Staff.Role.MANAGER, Staff.Role.AGENT)  # owns it (S64)


class ComplaintForm(forms.Form):
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("What did they say?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    kind = forms.ModelChoiceField(
        CaseKind.objects.offered(),
        label=gettext_lazy("What is it?"),
        to_field_name="code",
        widget=forms.RadioSelect,
        empty_label=None,
        blank=False,
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
    """Whoever was asked first owns it, and answers before sundown."""
    from warmline.doors.guide.family import file_of  # the file shows this form

    family = my_family(request, pk)
    form = ComplaintForm(request.POST, auto_id="complaint_%s")
    if not form.is_valid():
        return file_of(request, family, status=422, complaint_form=form)
    said = form.cleaned_data
    with transaction.atomic():
        received = receiving.receive(
            channel=CHANNELS[said["medium"]],
            words=said["words"],
            asker=receiving.Asker(household=family, member=family.members.first()),
            store=family.store,
            key=f"{request.user.pk}:{said['key']}",
            kind=said["kind"].code,
            by=request.user,
            owner=request.user if request.user.role in ASKED_FIRST else None,
        )
        receiving.log_inbound(received, by=request.user)
    if topic := red_flags.look(said["words"]):
        return hotline(request, family, topic)
    return redirect("guide:case", received.case.pk)
