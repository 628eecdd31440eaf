"""A text to a family: written by a guide, let through or held back by the gates, seen in the outbox."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from warmline.core.contacts.channels.templates import OWN_WORDS
from warmline.core.contacts.gates import Blocked
from warmline.core.contacts.models import Purpose
from warmline.core.contacts.sending import NoAddress, TooLong, queue
from warmline.doors.guide.access import GuideRequest, my_family, staff_only


class TextForm(forms.Form):
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    purpose = forms.ChoiceField(
        label=gettext_lazy("About"),
        choices=[(p.value, p.label) for p in (Purpose.CARE, Purpose.SERVICE, Purpose.SALES)],
    )
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=300, widget=forms.Textarea({"rows": 3})
    )


def blank() -> TextForm:
    return TextForm(initial={"key": uuid4().hex}, prefix="sms")


@require_POST
@staff_only
def send(request: GuideRequest, pk: int) -> HttpResponse:
    """Queue it; a refusal says which rule it was, and nothing typed is lost."""
    from warmline.doors.guide.family import file_of  # the file shows this form

    family = my_family(request, pk)
    form = TextForm(request.POST, prefix="sms")
    if form.is_valid():
        said = form.cleaned_data
        key = f"guide:{request.user.pk}:{said['key']}"
        try:
            queue(
                key,
                channel="sms",
                purpose=said["purpose"],
                text=said["text"],
                household=family,
                template=OWN_WORDS,
                params=[("store", family.store.name), ("text", said["text"])],
            )
        except Blocked as blocked:
            for refusal in blocked.refusals:
                form.add_error(None, str(refusal.sentence))
        except NoAddress:
            form.add_error(None, _("Nobody in this family has a telephone number."))
        except TooLong:
            form.add_error("text", _("This is too long for a text message."))
        else:
            messages.success(request, _("Your text is on its way."))
            return redirect("guide:family", family.pk)
    return file_of(request, family, status=422, text_form=form)
