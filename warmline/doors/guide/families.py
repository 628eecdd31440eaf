"""Families: find one by phone, name or pinyin; welcome a new one in four fields."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from warmline.base.clock import today
from warmline.base.forms import put_errors
from warmline.core.people import joining, searching
from warmline.core.people.models import Child, Consent, Household, Member, Staff
from warmline.core.people.reading import saw
from warmline.doors.guide.access import GuideRequest, my_families, sent_once, staff_only
from warmline.doors.guide.people import say_who_shares

PAGE = 20


class NewFamilyForm(forms.Form):
    """Four things are asked for; the rest grows with contacts."""

    name = forms.CharField(label=_("Parent's name"), max_length=60)
    phone = forms.CharField(
        label=_("Phone"), max_length=30, widget=forms.TextInput({"inputmode": "tel"})
    )
    born_on = forms.DateField(
        label=_("Baby born on, or due on"), widget=forms.DateInput({"type": "date"})
    )
    consent = forms.BooleanField(
        label=_("The guardian agrees that we keep the baby's record and call about care"),
    )
    relation = forms.ChoiceField(
        label=_("Relation to the baby"), choices=Member.Relation, required=False
    )
    baby_name = forms.CharField(label=_("Baby's name"), max_length=40, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=Child.Sex, required=False)
    feeding = forms.ChoiceField(label=_("Feeding"), choices=Child.Feeding, required=False)
    dialect = forms.CharField(label=_("Dialect"), max_length=20, required=False)


@require_safe
@staff_only
def index(request: GuideRequest) -> HttpResponse:
    """What is typed is searched; with nothing typed, my families by who was heard of last, and the
    newest of the chain for whoever sees them all."""
    text = request.GET.get("q", "").strip()[:60]
    if text:
        found = searching.find(request.user, text, limit=PAGE)
        page, families = None, [member.household for member in found]
    else:
        page = Paginator(_mine(request), PAGE).get_page(request.GET.get("page"))
        families = list(page.object_list)
    saw(request, [family.pk for family in families], "name", "child")
    context = {"q": text, "families": families, "page": page}
    partial = request.headers.get("HX-Request") == "true"
    return render(
        request, "guide/families/_list.html" if partial else "guide/families/index.html", context
    )


def _mine(request: GuideRequest) -> Any:
    rows = my_families(request).select_related("home_guide")
    rows = rows.prefetch_related("members", "children")
    if request.user.sees_every_store:
        return rows.order_by("-pk")  # the newest: a whole chain is not sorted for one page
    if request.user.role == Staff.Role.GUIDE:
        rows = rows.filter(home_guide=request.user)
    return rows.order_by(F("last_contact_at").desc(nulls_last=True), "-pk")


@require_http_methods(["GET", "POST"])
@staff_only
@sent_once
def new(request: GuideRequest) -> HttpResponse:
    form = NewFamilyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            family = _join(request, form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error, names={"due_on": "born_on"})
        else:
            for adult in family.members.all():
                say_who_shares(request, family, adult)
            return redirect("guide:family", family.pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "once": uuid4().hex}
    return render(request, "guide/families/new.html", context, status=status)


def _join(request: GuideRequest, said: dict[str, Any]) -> Household:
    store = request.user.store
    if store is None:
        raise ValidationError(_("Only somebody of a store can welcome a family."))
    born = said["born_on"]
    is_born = born <= today(store.zone)
    baby = joining.Baby(
        name=said["baby_name"],
        born_on=born if is_born else None,
        due_on=None if is_born else born,
        sex=said["sex"],
        feeding=said["feeding"],
    )
    return joining.join(
        store=store,
        by=request.user,
        name=said["name"],
        phone=said["phone"],
        relation=said["relation"] or Member.Relation.MOTHER,
        babies=[baby],
        dialect=said["dialect"],
        consents=[Consent.Purpose.RECORD, Consent.Purpose.CARE, Consent.Purpose.SERVICE],
    )
