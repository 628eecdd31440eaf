"""Days that matter to a family: marked on its file, by the sun or by the moon."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from warmline.base.clock import today
from warmline.base.forms import put_errors
from warmline.core.people import important_days
from warmline.core.people.dates import Anniversary, in_words, moon_day, next_on
from warmline.core.people.models import Household, ImportantDate
from warmline.doors.guide.access import GuideRequest, my_family, sent_once, staff_only

SHOWN_MAX = 20
Calendar = ImportantDate.Calendar


@dataclass(frozen=True)
class Coming:
    """One day that matters: whose, how it is said, when it comes next."""

    day: ImportantDate
    words: str
    on: date | None
    in_days: int | None


def coming(family: Household) -> list[Coming]:
    """The family's days, the next one first."""
    here = today(family.store.zone)
    days = family.important_dates.select_related("member", "child").order_by("pk")[:SHOWN_MAX]
    found = []
    for day in days:
        on = next_on(day, here)
        found.append(Coming(day, in_words(day), on, (on - here).days if on else None))
    return sorted(found, key=lambda each: each.on or date.max)


class DateForm(forms.Form):
    """A name, whose day it is, and the day as the family says it."""

    name = forms.CharField(label=_("What day is it?"), max_length=40)
    whose = forms.ChoiceField(label=_("Whose day"), required=False)
    calendar = forms.ChoiceField(
        label=_("By which calendar?"), choices=Calendar, widget=forms.RadioSelect
    )
    month = forms.TypedChoiceField(
        label=_("Month"), coerce=int, choices=[(n, str(n)) for n in range(1, 13)]
    )
    day = forms.TypedChoiceField(label=_("Day"), coerce=int)
    is_leap_month = forms.BooleanField(label=_("In a leap month"), required=False)

    def __init__(self, *args: Any, family: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {f"m{member.pk}": member for member in family.members.all()}
        babies = family.children.filter(frozen_at__isnull=True)
        self.children = {f"c{child.pk}": child for child in babies}
        people: list[tuple[str, Any]] = [("", _("the whole family"))]
        people += [(key, member.name) for key, member in self.members.items()]
        people += [(key, child.name or _("Baby")) for key, child in self.children.items()]
        whose, day = self.fields["whose"], self.fields["day"]
        assert isinstance(whose, forms.ChoiceField)
        assert isinstance(day, forms.ChoiceField)
        whose.choices = people
        is_chinese = (get_language() or "").startswith("zh")
        day.choices = [
            (n, f"{n} · {moon_day(n)}" if is_chinese and n <= 30 else str(n)) for n in range(1, 32)
        ]

    def facts(self) -> tuple[Anniversary, dict[str, Any]]:
        said = self.cleaned_data
        anniversary = Anniversary(
            said["calendar"], said["month"], said["day"], said["is_leap_month"]
        )
        whose = said["whose"]
        return anniversary, {
            "name": said["name"],
            "member": self.members.get(whose),
            "child": self.children.get(whose),
        }


@require_http_methods(["GET", "POST"])
@staff_only
@sent_once
def index(request: GuideRequest, pk: int) -> HttpResponse:
    """All of them, and a place for one more."""
    family = my_family(request, pk)
    form = DateForm(request.POST or None, family=family, initial={"calendar": Calendar.SOLAR})
    if request.method == "POST" and form.is_valid():
        anniversary, facts = form.facts()
        try:
            important_days.mark(family, anniversary, **facts, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("guide:dates", family.pk)
    context = {"family": family, "days": coming(family), "form": form}
    return render(request, "guide/family/dates.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@staff_only
def edit(request: GuideRequest, pk: int, day: int) -> HttpResponse:
    family = my_family(request, pk)
    marked = get_object_or_404(family.important_dates, pk=day)
    form = DateForm(request.POST or None, family=family, initial=_said(marked))
    if request.method == "POST" and form.is_valid():
        anniversary, facts = form.facts()
        try:
            important_days.change(marked, anniversary, **facts, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("guide:dates", family.pk)
    context = {"family": family, "day": marked, "form": form}
    return render(request, "guide/family/date.html", context, status=422 if form.is_bound else 200)


def _said(day: ImportantDate) -> dict[str, Any]:
    whose = f"m{day.member_id}" if day.member_id else f"c{day.child_id}" if day.child_id else ""
    plain = ("name", "calendar", "month", "day", "is_leap_month")
    return {name: getattr(day, name) for name in plain} | {"whose": whose}


@require_POST
@staff_only
def drop(request: GuideRequest, pk: int, day: int) -> HttpResponse:
    """It does not matter any more; a second tap finds nothing, and says so."""
    family = my_family(request, pk)
    important_days.drop(get_object_or_404(family.important_dates, pk=day), by=request.user)
    return redirect("guide:dates", family.pk)
