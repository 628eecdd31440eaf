"""Holidays and make-up days: of the whole chain here, of one store on its own page."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from warmline.base.clock import today
from warmline.base.forms import put_errors
from warmline.core.people.keeping_house import drop_day, keep_day
from warmline.core.people.models import DayOff, Store
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.look.tables import Column, listing

SHOWN_BACK = timedelta(days=30)
SHOWN_MAX = 100
INTERVAL = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)\s*[-–~至]\s*([01]?\d|2[0-4]):([0-5]\d)$")


class HoursField(forms.CharField):
    """`09:00-12:00, 14:00-21:00`; empty means closed."""

    def to_python(self, value: Any) -> Any:
        parts = [p.strip() for p in re.split(r"[,，;；]", value or "") if p.strip()]
        found = [INTERVAL.match(part) for part in parts]
        if not all(found):
            raise ValidationError(_("Write hours as 09:00-12:00, 14:00-21:00; empty means closed."))
        return [[f"{int(m[1]):02}:{m[2]}", f"{int(m[3]):02}:{m[4]}"] for m in found if m]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(f"{begin}-{end}" for begin, end in value)
        return value


class DayForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}))
    name = forms.CharField(label=gettext_lazy("Why"), max_length=60)
    hours = HoursField(
        label=gettext_lazy("Hours that day"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("For example 09:00-12:00, 14:00-18:00; empty means closed."),
    )

    def __init__(self, said: Any = None) -> None:
        super().__init__(said, auto_id="day_%s")

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on < today():
            raise ValidationError(_("This day is over."))
        return on


def shown_days(store: Store) -> QuerySet[DayOff]:
    """What this store said of the coming days, and of those just gone."""
    days = DayOff.objects.filter(store=store, on__gte=today() - SHOWN_BACK)
    return days.order_by("on")[:SHOWN_MAX]


def views() -> list[tuple[str, str]]:
    """The three lists of what head office says of its stores."""
    return [
        (reverse("hq:stores"), _("Stores")),
        (reverse("hq:regions"), _("Regions")),
        (reverse("hq:days"), _("Days that differ")),
    ]


@require_http_methods(["GET", "POST"])
@hq_only
def index(request: HQRequest) -> HttpResponse:
    """The chain's own calendar, which every store follows unless its own page says otherwise; and
    below it the days on which a store does."""
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            keep_day(DayOff(**form.cleaned_data))
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("hq:days")
    rows = DayOff.objects.filter(on__gte=today() - SHOWN_BACK).select_related("store")
    return listing(
        request, "hq/stores/days.html", rows.order_by("on", F("store__name").asc(nulls_first=True)),
        _columns(may_end=request.user.role == "hq"), name="days-that-differ",
        status=422 if form.is_bound else 200, title=_("Days that differ"),
        heading=_("Which days are unlike the others?"), views=views(), day_form=form,
        add_to=reverse("hq:days"), icon="calendar",
        why=_("No day was said to differ: national holidays are known already."),
    )  # fmt: skip


def _columns(*, may_end: bool) -> list[Column]:
    return [
        Column(_("Day"), lambda d: f"{d.on:%Y-%m-%d} {date_format(d.on, 'D')}"),
        Column(
            _("Store"), lambda d: d.store.name if d.store else _("all stores"),
            link=lambda d: reverse("hq:store", args=[d.store_id]) if d.store_id else "",
        ),
        Column(_("Why"), lambda d: d.name),
        Column(_("Hours that day"), lambda d: _said(d.hours)),
        Column(
            _("Take back"), lambda d: _("A day like any other"),
            post=lambda d: reverse("hq:day-end", args=[d.pk]) if may_end and not d.store_id else "",
        ),
    ]  # fmt: skip


def _said(hours: list[list[str]]) -> str:
    return ", ".join(f"{begin}–{end}" for begin, end in hours) or _("closed")


@require_POST
@hq_only
def end(request: HQRequest, day: int) -> HttpResponse:
    drop_day(get_object_or_404(DayOff, pk=day, store=None))
    return redirect("hq:days")
