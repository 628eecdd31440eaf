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
from warmline.look.ages import age
from warmline.look.tables import Column, as_file, exports_of

PAGE = 20
TAKEN_MAX = 5_000  # more families than any guide looks after; a chain is not one file


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
    page, rows = None, _found(request, text) if text else _mine(request)
    if file := _as_file(request, rows):
        return file
    if not text:
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        rows = list(page.object_list)
    saw(request, [family.pk for family in rows], "name", "child")
    context = {"q": text, "families": rows, "page": page, "exports": exports_of(request)}
    partial = request.headers.get("HX-Request") == "true"
    return render(
        request, "guide/families/_list.html" if partial else "guide/families/index.html", context
    )


def _found(request: GuideRequest, text: str) -> list[Household]:
    return [member.household for member in searching.find(request.user, text, limit=PAGE)]


def _mine(request: GuideRequest) -> Any:
    rows = my_families(request).select_related("home_guide")
    rows = rows.prefetch_related("members", "children")
    if request.user.sees_every_store:
        return rows.order_by("-pk")  # the newest: a whole chain is not sorted for one page
    if request.user.role == Staff.Role.GUIDE:
        rows = rows.filter(home_guide=request.user)
    return rows.order_by(F("last_contact_at").desc(nulls_last=True), "-pk")


def _as_file(request: GuideRequest, rows: Any) -> HttpResponse | None:
    """The same lines as on the screen, of the same families: who is not hers is not in the file, no
    number is whole, and one file never empties a chain."""

    def seen(families: Any) -> None:
        saw(request, [family.pk for family in families], "name", "child")

    return as_file(request, rows, _COLUMNS, name="families", seen=seen, most=TAKEN_MAX)


def _babies(family: Household) -> str:
    babies = [(child.name, child.born_on or child.due_on) for child in family.children.all()]
    return "、".join(
        f"{name} {age(day, on=today()) if day else ''}".strip() for name, day in babies
    )


_COLUMNS = [
    Column(_("Family number"), lambda f: f.pk, is_number=True),
    Column(_("Family"), str),
    Column(_("Babies"), _babies),
    Column(_("Last four digits"), lambda f: next((m.phone_last4 for m in f.members.all()), "")),
]


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
