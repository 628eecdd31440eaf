"""Who they are, put right: a name that was misheard, a number that changed, a wrong birthday."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from warmline.base.clock import today
from warmline.base.forms import put_errors
from warmline.core.journal.models import Entry
from warmline.core.people import joining, putting_right
from warmline.core.people.models import Child, Household, Member, Staff
from warmline.core.people.reading import saw
from warmline.core.people.signals import ChildChanged, MemberAdded, MemberCorrected
from warmline.doors.guide.access import GuideRequest, my_families, my_family, staff_only

CHANGES_SHOWN = 8
TOLD = {
    ChildChanged.kind: gettext_lazy("A baby's record"),
    MemberAdded.kind: gettext_lazy("A number, or somebody new"),
    "name": gettext_lazy("A name"),
    "phone": gettext_lazy("A number"),
    "relation": gettext_lazy("Who somebody is"),
}


class MemberForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"inputmode": "tel"}),
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("Relation to the baby"), choices=Member.Relation
    )


class BabyForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Baby's name"), max_length=40, required=False)
    born_on = forms.DateField(
        label=gettext_lazy("Born on, or due on"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=Child.Sex, required=False)


@require_safe
@staff_only
def index(request: GuideRequest, pk: int) -> HttpResponse:
    return _shown(request, my_family(request, pk))


def _shown(
    request: GuideRequest, family: Household, wrong: forms.Form | None = None
) -> HttpResponse:
    """Every adult and every baby with a form of its own; the one with a mistake comes back open."""
    members = [(m, _of_member(m)) for m in family.members.all()]
    babies = family.children.filter(frozen_at__isnull=True).order_by("-born_on", "pk")
    children = [(c, _of_baby(c)) for c in babies]
    if wrong:
        members = [(m, wrong if form.prefix == wrong.prefix else form) for m, form in members]
        children = [(c, wrong if form.prefix == wrong.prefix else form) for c, form in children]
    context = {
        "family": family,
        "members": members,
        "children": children,
        "changes": _changes(family),
    }
    return render(request, "guide/family/people.html", context, status=422 if wrong else 200)


def _of_member(member: Member, said: Any = None) -> forms.Form:
    plain = ("name", "phone", "relation")
    facts = {name: getattr(member, name) for name in plain}
    return MemberForm(said, prefix=f"m{member.pk}", initial=facts)


def _of_baby(child: Child, said: Any = None) -> forms.Form:
    facts = {"name": child.name, "born_on": child.born_on or child.due_on, "sex": child.sex}
    return BabyForm(said, prefix=f"c{child.pk}", initial=facts)


def _changes(family: Household) -> list[dict[str, Any]]:
    """Who changed what, and when; never what it was."""
    kinds = (ChildChanged.kind, MemberAdded.kind, MemberCorrected.kind)
    told = Entry.objects.filter(household_id=family.pk, kind__in=kinds, by_id__isnull=False)
    entries = list(told.order_by("-at", "-pk")[:CHANGES_SHOWN])
    names = dict(Staff.objects.filter(pk__in={e.by_id for e in entries}).values_list("pk", "name"))
    return [
        {"at": e.at, "by": names.get(e.by_id, ""), "what": TOLD[e.body.get("what") or e.kind]}
        for e in entries
    ]


@require_POST
@staff_only
def member(request: GuideRequest, pk: int, member: int) -> HttpResponse:
    family = my_family(request, pk)
    adult = get_object_or_404(family.members, pk=member)
    form = _of_member(adult, request.POST)
    if form.is_valid():
        try:
            putting_right.put_member_right(adult, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            say_who_shares(request, family, adult)
            return redirect("guide:people", family.pk)
    return _shown(request, family, form)


def say_who_shares(request: GuideRequest, family: Household, adult: Member) -> None:
    """Two families with one number may be one; whoever sees both is told."""
    if not adult.phone:
        return
    mine = my_families(request).values("pk")
    same = joining.same_phone(adult.phone).filter(pk__in=mine).exclude(pk=family.pk)
    others = list(same.prefetch_related("members")[:5])
    if others:
        saw(request, [other.pk for other in others], "name")
        names = ", ".join(f"{other} (#{other.pk})" for other in others)
        messages.info(request, _("%(names)s: the same number. One family?") % {"names": names})


@require_POST
@staff_only
def baby(request: GuideRequest, pk: int, child: int) -> HttpResponse:
    family = my_family(request, pk)
    one = get_object_or_404(family.children.filter(frozen_at__isnull=True), pk=child)
    form = _of_baby(one, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        is_born = said["born_on"] <= today(family.store.zone)
        try:
            putting_right.put_child_right(
                one,
                name=said["name"],
                born_on=said["born_on"] if is_born else None,
                due_on=one.due_on if is_born else said["born_on"],
                sex=said["sex"],
                by=request.user,
            )
        except ValidationError as error:
            put_errors(form, error, names={"due_on": "born_on"})
        else:
            return redirect("guide:people", family.pk)
    return _shown(request, family, form)
