"""What is asked when something is given, when the cause is found, and when somebody promises that it
will not happen again."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from warmline.base.forms import money
from warmline.core.people.models import Staff, Store
from warmline.doors.agent.access import who_could_change_it
from warmline.doors.agent.forms import ActForm, words
from warmline.goods.catalog.models import Product
from warmline.service.desk import classifying, deciding
from warmline.service.desk.models import Case, Cause, RemedyKind


class RemedyForm(ActForm):
    """What is given, and why. Above what she decides alone somebody with more is asked."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What do we give?"), choices=RemedyKind.choices, widget=forms.RadioSelect
    )
    amount = money(gettext_lazy("Worth (¥)"))
    why = words(gettext_lazy("Why?"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = deciding.limits_in_words(self.staff)


class ClassifyForm(ActForm):
    cause = forms.ModelChoiceField(
        Cause.objects.all(),
        label=gettext_lazy("Why did it come to this?"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("not known yet"),
    )
    product = forms.CharField(
        label=gettext_lazy("Which product?"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Its article number, bar code or name."),
        widget=forms.TextInput({"list": "classification_products", "autocomplete": "off"}),
    )
    lot = forms.CharField(label=gettext_lazy("Lot or batch"), max_length=40, required=False)
    supplier = forms.CharField(label=gettext_lazy("Supplier"), max_length=60, required=False)
    fault_store = forms.CharField(
        label=gettext_lazy("Where did it go wrong?"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Code or name of the store; empty: in the case's own."),
    )
    sop = forms.CharField(
        label=gettext_lazy("Which standard, which version?"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"placeholder": gettext_lazy("for instance: opening a tin, v3")}),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        known = {
            "cause": case.cause.code if case.cause else "",
            "product": case.product.code if case.product else "",
            "lot": case.lot,
            "supplier": case.supplier,
            "fault_store": case.fault_store.code if case.fault_store else "",
            "sop": case.sop,
        }
        super().__init__(*args, case=case, **{**kwargs, "initial": known})
        cause = self.fields["cause"]
        assert isinstance(cause, forms.ModelChoiceField)
        cause.choices = causes_to_choose(case.cause, str(cause.empty_label))
        self.bought = classifying.bought_lately(case)

    def clean_product(self) -> Product | None:
        said: str = self.cleaned_data["product"].strip()
        product = classifying.product_called(said)
        if said and product is None:
            raise ValidationError(_("We know no product of this number or name."))
        return product

    def clean_fault_store(self) -> Store | None:
        """A chain has a thousand stores: they are named and not listed."""
        said: str = self.cleaned_data["fault_store"].strip()
        called = Q(code__iexact=said) | Q(name__iexact=said)
        store = Store.objects.filter(called).order_by("pk").first() if said else None
        if said and store is None:
            raise ValidationError(_("We know no store of this code or name."))
        return store

    def clean_lot(self) -> str:
        return str(self.cleaned_data["lot"]).strip()


def causes_to_choose(now: Cause | None, empty: str) -> list[Any]:
    """The tree as two levels of a list: a group is a head, what belongs to it can be chosen. What
    head office switched off is offered only where it stands already."""
    every = list(Cause.objects.all())
    on = [c for c in every if c.is_on or (now and c.pk == now.pk)]
    choices: list[Any] = [("", empty)]
    for group in (c for c in every if c.parent_id is None):
        inside = [(c.code, str(c)) for c in on if c.parent_id == group.pk]
        has_children = any(c.parent_id == group.pk for c in every)
        if inside and (group.is_on or (now and now.parent_id == group.pk)):
            choices.append((str(group), inside))
        elif not has_children and group in on:
            choices.append((group.code, str(group)))
    return choices


class FreezeForm(ActForm):
    why = words(gettext_lazy("What makes you think that it is not safe?"), rows=2)


class PreventionForm(ActForm):
    """A promise with an owner and two days: when it is changed, and when we look whether it helped."""

    words = words(gettext_lazy("What is changed, so that it does not happen again?"), rows=2)
    owner = forms.ModelChoiceField(
        Staff.objects.none(),
        label=gettext_lazy("Who sees to it"),
        empty_label=gettext_lazy("choose"),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Changed by"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    check_on = forms.DateField(
        label=gettext_lazy("We look whether it helped on"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy(
            "That night the cases of this cause since the change are held against as many days before it."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = who_could_change_it(self.case)
