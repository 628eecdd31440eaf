"""What each act on a case asks for. No answer without the next promised time."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from warmline.base.clock import now
from warmline.core.contacts.models import Medium
from warmline.core.people.models import Staff
from warmline.doors.agent.access import colleagues
from warmline.look.days import moment
from warmline.service.desk.models import Case, CaseKind, Channel, Department
from warmline.service.desk.models.case import number_of
from warmline.service.desk.next_words import instant, offered

MEDIA = [
    (Medium.PHONE.value, pgettext_lazy("how they are told", "By phone")),
    (Medium.SMS.value, pgettext_lazy("how they are told", "SMS")),
    (Medium.WECOM.value, pgettext_lazy("how they are told", "WeCom")),
    (Medium.EMAIL.value, pgettext_lazy("how they are told", "E-mail")),
    (Medium.VISIT.value, pgettext_lazy("how they are told", "Face to face")),
]
CAME_BY = {
    Channel.SMS: Medium.SMS,
    Channel.EMAIL: Medium.EMAIL,
    Channel.WECOM: Medium.WECOM,
    Channel.WALK_IN: Medium.PHONE,
}
FARTHEST = timedelta(days=60)


def words(label: Any, *, rows: int = 3, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=2000,
        required=required,
        widget=forms.Textarea({"rows": rows}),
    )


class ActForm(forms.Form):
    """Every act says which state of the case it was meant for: `seq`, the last event then."""

    seq = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, staff: Staff, name: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"].setdefault("seq", case.seq)
        super().__init__(*args, **{"auto_id": f"{name}_%s", **kwargs})
        self.case, self.staff = case, staff

    @property
    def said(self) -> dict[str, Any]:
        """What the verb is told."""
        return {k: v for k, v in self.cleaned_data.items() if k != "seq"}


class NoForm(ActForm):
    """One tap."""


class WordsForm(ActForm):
    words = words(gettext_lazy("In a few words"), required=False, rows=2)


class BecauseForm(ActForm):
    because = words(gettext_lazy("Why?"), rows=2)


class InstantField(forms.ChoiceField):
    """A time, offered as a choice and sent as an instant: what was meant when the page was made."""

    def to_python(self, value: Any) -> Any:
        return value or ""

    def valid_value(self, value: Any) -> bool:
        return instant(value) is not None


class NextForm(ActForm):
    """Words to the family, and when they hear from us next: one tap, or a time of one's own."""

    use_required_attribute = False

    words = words(gettext_lazy("What do you tell them?"))
    next_on = InstantField(
        label=gettext_lazy("They hear from us next"), required=False, widget=forms.RadioSelect
    )
    next_at = forms.DateTimeField(
        label=gettext_lazy("At another time"),
        required=False,
        widget=forms.DateTimeInput(
            {"type": "datetime-local", "data-else-of": "next_on"}, format="%Y-%m-%dT%H:%M"
        ),
    )
    medium = forms.ChoiceField(label=gettext_lazy("How"), choices=MEDIA, widget=forms.RadioSelect)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        medium = CAME_BY.get(case.channel, Medium.PHONE)  # type: ignore[call-overload]
        kwargs["initial"] = {"medium": medium, **kwargs.get("initial", {})}
        super().__init__(*args, case=case, **kwargs)
        field = self.fields["next_on"]
        assert isinstance(field, InstantField)
        said = self.data.get("next_on", "") if self.is_bound else ""
        field.choices = [
            (x.isoformat(), moment(x, now=now().astimezone(x.tzinfo)))
            for x in offered(case, said=said)
        ]
        field.required = not self.is_bound  # said one way or the other: neither is optional
        self.needs_next = case.finished_at is None
        if not self.needs_next:
            del self.fields["next_on"], self.fields["next_at"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.needs_next:
            self.fields["next_on"].required = True
        if not self.needs_next or "next_at" in self.errors:
            return said
        chosen = said.pop("next_on", "")
        at = said.get("next_at") or instant(chosen)
        if at is None or at <= now():
            self.add_error("next_at", _("Say when they hear from us next: a time to come."))
        elif at > now() + FARTHEST:
            self.add_error("next_at", _("That is too far away: within sixty days."))
        return {**said, "next_at": at}


class AnswerForm(NextForm):
    pass


class WaitForm(NextForm):
    words = words(gettext_lazy("What are we waiting for?"), rows=2)


class FinishForm(ActForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it?"),
        choices=Case.Outcome.choices,
        widget=forms.RadioSelect,
    )
    words = words(gettext_lazy("What was done, and what did you tell them?"))
    medium = forms.ChoiceField(
        label=gettext_lazy("How"), choices=MEDIA, widget=forms.RadioSelect, initial="phone"
    )


class ReviewForm(ActForm):
    is_good = forms.TypedChoiceField(
        label=gettext_lazy("Is it good?"),
        choices=[("1", gettext_lazy("Yes, it is good")), ("0", gettext_lazy("No, not yet"))],
        coerce=lambda said: said == "1",
        widget=forms.RadioSelect,
    )
    words = words(gettext_lazy("What did they say?"), rows=2)
    with_family = forms.BooleanField(
        label=gettext_lazy("I asked the family itself"), required=False, initial=True
    )


class ReopenForm(ActForm):
    words = words(gettext_lazy("What is not solved?"), rows=2)


class FindingForm(ActForm):
    department = forms.ModelChoiceField(
        Department.objects.filter(is_on=True),
        label=gettext_lazy("Department"),
        to_field_name="code",
        empty_label=gettext_lazy("choose"),
    )
    finding = words(gettext_lazy("What did you find?"))
    due_at = forms.DateTimeField(
        label=gettext_lazy("Answer by"),
        required=False,
        help_text=gettext_lazy("Left open: in the days that the chain allows."),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class OfferForm(ActForm):
    to = forms.ModelChoiceField(
        Staff.objects.none(), label=gettext_lazy("To whom"), empty_label=gettext_lazy("choose")
    )
    words = words(gettext_lazy("In a few words"), required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)
        to.queryset = colleagues(self.case).exclude(pk=self.staff.pk)


class OtherForm(ActForm):
    """Another case, by its number as people say it."""

    code = forms.CharField(
        label=gettext_lazy("Number of the other case"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "placeholder": "00012-5"}),
    )

    def clean_code(self) -> Case:
        number = number_of(self.cleaned_data["code"])
        found = Case.objects.seen_by(self.staff).select_related("store", "kind")
        case = found.filter(pk=number).first() if number else None
        if case is None:
            raise ValidationError(_("There is no such case: please check the number."))
        return case


class SplitForm(ActForm):
    words = words(gettext_lazy("What is the second matter?"))
    kind = forms.ModelChoiceField(
        CaseKind.objects.offered(),
        label=gettext_lazy("Kind"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("the same"),
    )
