"""The family file: who they are, what we owe them, when they run out, what to remember."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from warmline.base.clock import today
from warmline.base.composed import composed
from warmline.base.forms import put_errors
from warmline.core.people import consenting, joining, remembering
from warmline.core.people.models import Child, Consent, Household, Member, MemoryNote, Reader
from warmline.core.promises.models import Promise
from warmline.doors.guide import acts, beside, forecasts, history
from warmline.doors.guide.access import GuideRequest, my_family, sent_once, staff_only
from warmline.doors.guide.blanks import blank
from warmline.doors.guide.calls import UNKNOWN_PACK, new_form
from warmline.doors.guide.cards import cards_of
from warmline.doors.guide.facts import facts_of
from warmline.goods.catalog.models import Category
from warmline.service.care.correcting import correct as correct_forecast
from warmline.service.care.models import Correction
from warmline.service.care.timeline import timeline as timeline_of

LINES = 15
OWED_MAX = 20


class CorrectionForm(forms.Form):
    """What was heard of one consumable. Stock is said in packs, where it is known what one holds."""

    category = forms.ModelChoiceField(Category.objects.exclude(use=""), to_field_name="code")
    kind = forms.ChoiceField(choices=Correction.Kind)
    value = forms.FloatField(required=False, min_value=0)
    packs = forms.FloatField(required=False, min_value=0, max_value=200)

    @property
    def typed(self) -> str:
        return self.data.get("packs") or self.data.get("value", "") if self._is_stock() else ""

    @property
    def all_errors(self) -> list[str]:
        return [str(error) for errors in self.errors.values() for error in errors]

    def _is_stock(self) -> bool:
        return self.data.get("kind") == Correction.Kind.STOCK

    def amount(self, family: Household) -> float | None:
        packs: float | None = self.cleaned_data["packs"]
        if packs is None:
            return self.cleaned_data["value"]
        row = family.run_outs.filter(category=self.cleaned_data["category"]).first()
        if packs and not (row and row.pack):
            raise ValidationError({"packs": UNKNOWN_PACK})
        return packs * (row.pack if row else 0.0)


class NoteForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Remember"), choices=MemoryNote.Kind, widget=forms.RadioSelect
    )
    text = forms.CharField(label=gettext_lazy("What"), max_length=300)


class ChildForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "child_%s", **kwargs})

    name = forms.CharField(label=gettext_lazy("Baby's name"), max_length=40, required=False)
    born_on = forms.DateField(
        label=gettext_lazy("Born on, or due on"), widget=forms.DateInput({"type": "date"})
    )
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=Child.Sex, required=False)
    feeding = forms.ChoiceField(
        label=gettext_lazy("Feeding"), choices=Child.Feeding, required=False
    )
    consent = forms.BooleanField(
        label=gettext_lazy("The guardian agrees that we keep the baby's record"), required=False
    )

    def baby(self, family: Household) -> joining.Baby:
        said = self.cleaned_data
        is_born = said["born_on"] <= today(family.store.zone)
        return joining.Baby(
            name=said["name"],
            born_on=said["born_on"] if is_born else None,
            due_on=None if is_born else said["born_on"],
            sex=said["sex"],
            feeding=said["feeding"],
        )


class MemberForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "member_%s", **kwargs})

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    relation = forms.ChoiceField(
        label=gettext_lazy("Relation to the baby"), choices=Member.Relation
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)


@require_safe
@staff_only
def index(request: GuideRequest, pk: int) -> HttpResponse:
    return file_of(request, my_family(request, pk))


def file_of(
    request: GuideRequest,
    family: Household,
    *,
    status: int = 200,
    correction_form: CorrectionForm | None = None,
    **more: Any,
) -> HttpResponse:
    """The page; `more` has what could not be accepted, with all that was typed."""
    facts = facts_of(family)
    lines = timeline_of(family, limit=LINES)
    owed, token, news = _owed(request, family), get_token(request), more.get("facts_form")
    context = {
        "family": family,
        "csrf_token": token,
        "name": facts.name,
        "members": facts.members,
        "children": facts.children,
        "cards": cards_of(owed, store=family.store, reader=request.user),
        "forecasts": forecasts.drawn(
            facts.run_outs, family=family.pk, token=token, wrong=correction_form
        ),
        "wrong": correction_form,
        "notes": facts.notes,
        "note_fields": blank(NoteForm),
        "lines": history.drawn(lines),
        "more": lines[-1].at if len(lines) == LINES else None,
        "form": new_form(family, _asked_for(request, owed)),
        "news": [
            acts.news(
                child,
                family=family.pk,
                token=token,
                wrong=news if news and news.child.pk == child.pk else None,
            )
            for child in facts.children
            if not child.is_frozen
        ],
        "acts": acts.drawn(
            family, facts=facts, token=token, child=ChildForm, member=MemberForm, wrong=more
        ),
        **beside.of(family, facts, request.user),
        **more,
    }
    if not context["forecasts"]:
        context["consumables"] = Category.objects.exclude(use="").order_by("pk")
    return render(request, "guide/family/index.html", context, status=status)


def _owed(request: GuideRequest, family: Household) -> list[Promise]:
    """What this visitor sees of what we owe them."""
    return _owed_to(request.user.reader, family.pk)


@composed
def _owed_to(reader: Reader, family: int) -> QuerySet[Promise]:
    owed = Promise.objects.seen_by(reader).owed().filter(household=family)
    return owed.order_by("due_at").only("why", "household")[:OWED_MAX]


def _asked_for(request: GuideRequest, owed: list[Promise]) -> Promise | None:
    """The promise whose call is to be logged: a call that was refused is opened again here."""
    return next((p for p in owed if str(p.pk) == request.GET.get("promise")), None)


@require_safe
@staff_only
def timeline(request: GuideRequest, pk: int) -> HttpResponse:
    """Older lines, below those that are shown."""
    family = my_family(request, pk)
    before = _instant(request.GET.get("before", ""))
    lines = timeline_of(family, before=before, limit=LINES)
    more = lines[-1].at if len(lines) == LINES else None
    context = {"lines": history.drawn(lines), "more": more, "family": family}
    return render(request, "guide/family/_timeline.html", context)


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None


@require_POST
@staff_only
def correct(request: GuideRequest, pk: int) -> HttpResponse:
    """Two taps: what the guide heard about feeding, stock or other shops."""
    family = my_family(request, pk)
    form = CorrectionForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            correct_forecast(
                family, said["category"], said["kind"], value=form.amount(family), by=request.user
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect(f"{request.path.removesuffix('corrections/')}#forecasts")
    return file_of(request, family, status=422, correction_form=form)


@require_POST
@staff_only
@sent_once
def remember(request: GuideRequest, pk: int) -> HttpResponse:
    family = my_family(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return file_of(request, family, status=422, note_form=form)
    remembering.remember(family, by=request.user, **form.cleaned_data)
    return redirect("guide:family", family.pk)


@require_POST
@staff_only
def forget(request: GuideRequest, pk: int, note: int) -> HttpResponse:
    family = my_family(request, pk)
    remembering.drop(get_object_or_404(family.memory_notes, pk=note))
    return redirect("guide:family", family.pk)


@require_POST
@staff_only
@sent_once
def add_child(request: GuideRequest, pk: int) -> HttpResponse:
    family = my_family(request, pk)
    form = ChildForm(request.POST)
    if form.is_valid():
        try:
            joining.add_child(
                family,
                form.baby(family),
                guardian=family.members.first(),
                has_consent=form.cleaned_data["consent"],
                by=request.user,
            )
        except ValidationError as error:
            put_errors(form, error, names={"due_on": "born_on"})
        else:
            return redirect("guide:family", family.pk)
    return file_of(request, family, status=422, child_form=form)


@require_POST
@staff_only
@sent_once
def add_member(request: GuideRequest, pk: int) -> HttpResponse:
    family = my_family(request, pk)
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            joining.add_member(family, joining.Adult(**form.cleaned_data), by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("guide:family", family.pk)
    return file_of(request, family, status=422, member_form=form)


@require_POST
@staff_only
def consent(request: GuideRequest, pk: int) -> HttpResponse:
    """Give or withdraw one purpose, as the guardian says it on the phone or in the store."""
    family = my_family(request, pk)
    purpose, child = request.POST.get("purpose", ""), request.POST.get("child", "")
    is_of_a_baby = purpose == Consent.Purpose.RECORD
    if purpose not in Consent.Purpose or is_of_a_baby != child.isdecimal():
        return file_of(request, family, status=422)
    verb = consenting.give if request.POST.get("granted") == "1" else consenting.withdraw
    verb(
        family,
        purpose,
        channel="store",
        child=get_object_or_404(family.children, pk=child) if child else None,
        guardian=family.members.first(),
        by=request.user,
    )
    return redirect("guide:family", family.pk)


class BabyFactsForm(forms.Form):
    """What changed with a baby: it is born, it is fed differently, it has a name now."""

    born_on = forms.DateField(
        label=gettext_lazy("Born on"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
    )
    name = forms.CharField(label=gettext_lazy("Baby's name"), max_length=40, required=False)
    feeding = forms.ChoiceField(
        label=gettext_lazy("Feeding"), choices=[("", "—"), *Child.Feeding.choices], required=False
    )

    def __init__(self, *args: Any, child: Child, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"child{child.pk}_%s", **kwargs})
        self.child = child
        if child.born_on:
            del self.fields["born_on"], self.fields["name"]


@require_POST
@staff_only
def change_child(request: GuideRequest, pk: int, child: int) -> HttpResponse:
    family = my_family(request, pk)
    baby = get_object_or_404(family.children.filter(frozen_at__isnull=True), pk=child)
    form = BabyFactsForm(request.POST, child=baby)
    if form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                if said.get("born_on"):
                    joining.was_born(baby, said["born_on"], name=said["name"], by=request.user)
                elif said.get("name"):  # before it is born
                    joining.change(baby, by=request.user, name=said["name"])
                if said["feeding"] and said["feeding"] != baby.feeding:
                    joining.change_feeding(baby, said["feeding"], by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("guide:family", family.pk)
    return file_of(request, family, status=422, facts_form=form)
