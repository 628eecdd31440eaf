"""What is asked of a lot: its facts, what families may read, its papers, and codes for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from warmline.base.clock import today
from warmline.goods.catalog.models import Product
from warmline.goods.trace.identity.serials import INDEX_MAX
from warmline.goods.trace.lots import IMPORT_FACTS
from warmline.goods.trace.models import Certificate, CodeBatch, Lot, Party

SUGGESTED_MAX = 300
EXTRA_ROWS = 2


class DayInput(forms.DateInput):
    """A day, as browsers ask for one."""

    def __init__(self) -> None:
        super().__init__({"type": "date"}, format="%Y-%m-%d")


class BarCodeInput(forms.TextInput):
    """A bar code, with the products that have one to choose from."""

    template_name = "hq/lots/_bar_code.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = Product.objects.filter(gtin__isnull=False, is_active=True).order_by("name")
        context["products"] = rows.only("gtin", "name")[:SUGGESTED_MAX]
        return context


class LotForm(forms.Form):
    gtin = forms.CharField(
        label=gettext_lazy("Bar code of the product"),
        max_length=14,
        widget=BarCodeInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    number = forms.CharField(label=gettext_lazy("Lot number"), max_length=20)
    made_on = forms.DateField(label=gettext_lazy("Made on"), required=False, widget=DayInput())
    expires_on = forms.DateField(
        label=gettext_lazy("Best before"), required=False, widget=DayInput()
    )
    made_at = forms.CharField(
        label=gettext_lazy("Made at"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("The factory and its town, as families read it."),
    )

    def __init__(self, *args: Any, lot: Lot | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if lot:  # what is printed on tins stays
            for name in ("gtin", "number"):
                self.fields[name].disabled = True
            self.fields["gtin"].widget = forms.TextInput()


class MaterialForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Raw material"), max_length=60, required=False)
    origin = forms.CharField(label=gettext_lazy("From where"), max_length=80, required=False)
    maker = forms.CharField(label=gettext_lazy("Supplier"), max_length=80, required=False)
    lot = forms.CharField(label=gettext_lazy("Its lot"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        return named(self)


class StepForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Step"), max_length=60, required=False)
    at = forms.CharField(label=gettext_lazy("When"), max_length=40, required=False)
    note = forms.CharField(label=gettext_lazy("What families should know"), max_length=120,
                           required=False)  # fmt: skip

    def clean(self) -> dict[str, Any]:
        return named(self)


def named(form: forms.Form) -> dict[str, Any]:
    """A row without its name is empty, or it is a slip."""
    said = form.cleaned_data
    if any(said.values()) and not said.get("name"):
        form.add_error("name", _("Say what this is, or empty the row."))
    return said


Materials = forms.formset_factory(MaterialForm, extra=EXTRA_ROWS, max_num=30)
Steps = forms.formset_factory(StepForm, extra=EXTRA_ROWS, max_num=30)


class ImportForm(forms.Form):
    """The documents of what came from abroad; left empty for what was made here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in IMPORT_FACTS.items():
            self.fields[name] = forms.CharField(
                label=label,
                max_length=80,
                required=False,
                widget=DayInput() if name.endswith("_on") else forms.TextInput(),
            )


class PaperForm(forms.Form):
    sort = forms.ChoiceField(label=gettext_lazy("What it is"), choices=Certificate.Sort)
    number = forms.CharField(label=gettext_lazy("Its number"), max_length=60)
    issuer = forms.CharField(label=gettext_lazy("Issued by"), max_length=120)
    issued_on = forms.DateField(label=gettext_lazy("Issued on"), widget=DayInput())
    file = forms.FileField(
        label=gettext_lazy("The paper: PDF or picture, up to 10 MB"),
        required=False,
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def clean_issued_on(self) -> Any:
        if self.cleaned_data["issued_on"] > today():
            raise forms.ValidationError(_("That is still to come."))
        return self.cleaned_data["issued_on"]


class OrderForm(forms.Form):
    """How many codes, for what, for whose shelves."""

    level = forms.ChoiceField(label=gettext_lazy("For"), choices=CodeBatch.Level)
    size = forms.IntegerField(
        label=gettext_lazy("How many"), min_value=1, max_value=INDEX_MAX, initial=1000
    )
    planned_for = forms.ModelChoiceField(
        Party.objects.filter(sort=Party.Sort.DEALER).order_by("name"),
        label=gettext_lazy("Meant for"),
        required=False,
        empty_label=gettext_lazy("whoever orders them"),
    )
