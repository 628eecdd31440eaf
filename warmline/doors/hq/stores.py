"""Stores: where they stand, when they are open, on which days they are not."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from warmline.base.forms import put_errors
from warmline.core.people.keeping_house import drop_day, keep_day, keep_store
from warmline.core.people.models import DayOff, Region, Store
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.doors.hq.days import DayForm, HoursField, shown_days, views
from warmline.look.tables import Column, listing

WEEKDAYS = [
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
]


class StoreForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=20)
    name = forms.CharField(label=gettext_lazy("Name of the store"), max_length=60)
    region = forms.ModelChoiceField(
        Region.objects.order_by("name"), label=gettext_lazy("Region"), required=False
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Telephone of the store"), max_length=20, required=False
    )
    latitude = forms.FloatField(
        label=gettext_lazy("Latitude"),
        required=False,
        help_text=gettext_lazy("With its place, today's deadline is the real sunset there."),
    )
    longitude = forms.FloatField(label=gettext_lazy("Longitude"), required=False)
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"), max_length=40, initial="Asia/Shanghai"
    )
    is_open = forms.BooleanField(
        label=gettext_lazy("It is in business"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n, name in enumerate(WEEKDAYS):
            self.fields[f"hours_{n}"] = HoursField(label=name, required=False, max_length=100)

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            words = forms.ChoiceField.default_error_messages["invalid_choice"]
            raise ValidationError(words, params={"value": zone})
        return zone

    def facts(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        said["hours"] = [said.pop(f"hours_{n}") for n in range(7)]
        return said


@require_safe
@hq_only
def index(request: HQRequest) -> HttpResponse:
    rows = (
        Store.objects.select_related("region")
        .annotate(
            guides=Count("staff", Q(staff__role="guide", staff__is_active=True), distinct=True)
        )
        .order_by("code")
    )
    columns = [
        Column(_("Code"), lambda s: s.code),
        Column(_("Store"), lambda s: s.name, link=lambda s: reverse("hq:store", args=[s.pk])),
        Column(
            _("Region"), lambda s: s.region.name if s.region else "",
            link=lambda s: reverse("hq:region", args=[s.region_id]) if s.region_id else "",
        ),
        Column(_("Guides"), lambda s: s.guides, is_number=True),
        Column(_("Place"), lambda s: _("known") if s.latitude is not None else _("missing")),
        Column(_("In business"), lambda s: _("yes") if s.is_open else _("no")),
    ]  # fmt: skip
    return listing(
        request,
        "hq/list.html",
        rows,
        columns,
        name="stores",
        title=_("Stores"),
        heading=_("Which stores do we have?"),
        views=views(),
        add=reverse("hq:store-new"),
        add_words=_("New store"),
        icon="store",
        why=_("Add your first store: its name, its place and its hours."),
    )


@require_http_methods(["GET", "POST"])
@hq_only
def edit(request: HQRequest, pk: int | None = None) -> HttpResponse:
    store = get_object_or_404(Store, pk=pk) if pk else Store()
    form = _filled(store, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            keep_store(store, **form.facts())
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("hq:stores")
    return _shown(request, store, form)


def _filled(store: Store, said: Any = None) -> StoreForm:
    facts = {name: getattr(store, name) for name in StoreForm.base_fields if name != "region"}
    facts |= {f"hours_{n}": hours for n, hours in enumerate(store.hours)}
    return StoreForm(said, initial=facts | {"region": store.region_id})


def _shown(
    request: HQRequest, store: Store, form: StoreForm, day_form: DayForm | None = None
) -> HttpResponse:
    bound = form.is_bound or (day_form is not None and day_form.is_bound)
    context = {
        "title": store.name or _("New store"),
        "store": store,
        "form": form,
        "day_form": day_form or DayForm(),
        "days": shown_days(store) if store.pk else [],
        "add_to": reverse("hq:store-day", args=[store.pk]) if store.pk else "",
        "back": reverse("hq:stores"),
    }
    return render(request, "hq/stores/edit.html", context, status=422 if bound else 200)


@require_http_methods(["POST"])
@hq_only
def add_day(request: HQRequest, pk: int) -> HttpResponse:
    store = get_object_or_404(Store, pk=pk)
    form = DayForm(request.POST)
    if form.is_valid():
        try:
            keep_day(DayOff(store=store, **form.cleaned_data))
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("hq:store", pk)
    return _shown(request, store, _filled(store), form)


@require_POST
@hq_only
def end_day(request: HQRequest, pk: int, day: int) -> HttpResponse:
    drop_day(get_object_or_404(DayOff, pk=day, store=pk))
    return redirect("hq:store", pk)
