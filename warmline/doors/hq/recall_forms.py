"""What is asked when goods are called back: what exactly, why, since when, and what came of it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from warmline.base.clock import now
from warmline.goods.trace import scopes
from warmline.goods.trace.identity.keys import BadKey, gtin14
from warmline.goods.trace.models import Lot, Recall
from warmline.goods.trace.spelling import spelt

BY = {
    "lot": gettext_lazy("A lot"),
    "codes": gettext_lazy("A run of codes"),
    "container": gettext_lazy("A pallet or case"),
    "material": gettext_lazy("A supplier's lot"),
}
CODE_MAX = 300


def code_field(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=CODE_MAX, help_text=hint)


class ScopeForm(forms.Form):
    """What is called back; each way of naming it has its own fields."""

    def scope(self) -> scopes.Scope:
        raise NotImplementedError


class LotForm(ScopeForm):
    lot = forms.CharField(label=gettext_lazy("Lot number"), max_length=20)
    gtin = forms.CharField(
        label=gettext_lazy("Bar code of the product"),
        max_length=14,
        required=False,
        help_text=gettext_lazy("Left empty: every product with a lot of this number."),
    )

    def scope(self) -> scopes.Scope:
        lots = Lot.objects.filter(number=self.cleaned_data["lot"].strip())
        if said := self.cleaned_data["gtin"]:
            try:
                lots = lots.filter(gtin=gtin14(said))
            except BadKey:
                raise ValidationError({"gtin": _("This bar code has a wrong digit.")}) from None
        if not lots:
            raise ValidationError({"lot": _("We know no lot of this number.")})
        return scopes.of_lots(lots)


class CodesForm(ScopeForm):
    first = code_field(gettext_lazy("First code"), gettext_lazy("As it is scanned or printed."))
    last = code_field(gettext_lazy("Last code"))

    def scope(self) -> scopes.Scope:
        said = self.cleaned_data
        return scopes.of_codes(_name("first", said["first"]), _name("last", said["last"]))


class ContainerForm(ScopeForm):
    container = code_field(
        gettext_lazy("Code of the pallet or case"), gettext_lazy("Its SSCC: 18 digits.")
    )
    taken_out = forms.BooleanField(
        label=gettext_lazy("Also what was in it and has been taken out since"),
        required=False,
        initial=True,
    )

    def scope(self) -> scopes.Scope:
        said = self.cleaned_data
        name = _name("container", said["container"])
        return scopes.of_container(name, taken_out=said["taken_out"])


class MaterialForm(ScopeForm):
    material = code_field(
        gettext_lazy("Code of the supplier's lot"),
        gettext_lazy(
            "As the maker told it to us, or as it stands among a lot’s raw materials. We follow it"
            " into everything that was made of it."
        ),
    )

    def scope(self) -> scopes.Scope:
        said = self.cleaned_data["material"]
        written = scopes.of_written_material(said)
        return scopes.of_material(_name("material", said)) if written.is_empty else written


def _name(field: str, said: str) -> str:
    try:
        return spelt(said).uri
    except BadKey:
        raise ValidationError({field: _("This is no code: %(code)s") % {"code": said}}) from None


FORMS: dict[str, type[ScopeForm]] = {
    "lot": LotForm,
    "codes": CodesForm,
    "container": ContainerForm,
    "material": MaterialForm,
}


class RecallForm(forms.Form):
    """Why, how bad, and what families are told."""

    title = forms.CharField(
        label=gettext_lazy("What families call it"),
        max_length=120,
        help_text=gettext_lazy("Product and lot; they read it in our text."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    advice = forms.CharField(
        label=gettext_lazy("What they do with the tin"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        initial=gettext_lazy("Please stop using it and keep the tin."),
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("How bad it is"), choices=Recall.Level, coerce=int, initial=1
    )
    known_at = forms.DateTimeField(
        label=gettext_lazy("Since when we know"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("The law's clock runs from here. Left empty: from now."),
    )
    is_drill = forms.BooleanField(
        label=gettext_lazy("This is a drill: it freezes nothing and tells no family"),
        required=False,
    )

    def clean_known_at(self) -> Any:
        known_at = self.cleaned_data["known_at"]
        if known_at and known_at > now():
            raise ValidationError(_("That is still to come."))
        return known_at


class HoldingForm(forms.Form):
    set_aside = forms.IntegerField(label=gettext_lazy("Put aside"), min_value=0)
    destroyed = forms.IntegerField(label=gettext_lazy("Of which destroyed"), min_value=0)


class FamilyForm(forms.Form):
    returned = forms.IntegerField(label=gettext_lazy("Brought back"), min_value=0, required=False)
    used_up = forms.IntegerField(label=gettext_lazy("Used up"), min_value=0, required=False)


WAYS_TO_TELL = [
    ("phone", gettext_lazy("By phone")),
    ("store", gettext_lazy("In the store")),
    ("visit", gettext_lazy("At home")),
    ("letter", gettext_lazy("By letter")),
]


class StrangersForm(forms.Form):
    back = forms.IntegerField(label=gettext_lazy("Brought back, or used up"), min_value=1)


class ToldForm(forms.Form):
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=WAYS_TO_TELL)


class EndForm(forms.Form):
    outcome = forms.CharField(
        label=gettext_lazy("What came of it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
