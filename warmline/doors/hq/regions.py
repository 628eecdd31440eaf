"""Regions: which stores belong together, and who manages them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from warmline.base.forms import put_errors
from warmline.core.people.keeping_house import keep_region
from warmline.core.people.models import Region, Staff, Store
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.doors.hq.days import views
from warmline.look.tables import Column, listing


class StoreChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, store: Any) -> str:
        """A store says where it belongs now, so that none is taken away unseen."""
        return f"{store.name} · {store.region.name}" if store.region else store.name


class RegionForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=20)
    name = forms.CharField(label=gettext_lazy("Name of the region"), max_length=60)
    stores = StoreChoice(
        Store.objects.select_related("region").order_by("name"),
        label=gettext_lazy("Its stores"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def managers() -> Any:
    """Who manages a region: a manager without a store of her own."""
    people = Staff.objects.filter(role=Staff.Role.MANAGER, store__isnull=True, is_active=True)
    return people.order_by("name")


@require_safe
@hq_only
def index(request: HQRequest) -> HttpResponse:
    rows = Region.objects.annotate(store_count=Count("stores")).order_by("name")
    rows = rows.prefetch_related(Prefetch("staff", managers(), to_attr="managers"))
    columns = [
        Column(_("Code"), lambda r: r.code),
        Column(_("Region"), lambda r: r.name, link=lambda r: reverse("hq:region", args=[r.pk])),
        Column(_("Stores"), lambda r: r.store_count, is_number=True),
        Column(_("Region managers"), lambda r: "、".join(m.name for m in r.managers)),
    ]
    return listing(
        request,
        "hq/list.html",
        rows,
        columns,
        name="regions",
        title=_("Regions"),
        heading=_("Which stores belong together?"),
        views=views(),
        add=reverse("hq:region-new"),
        add_words=_("New region"),
        icon="store",
        why=_("A region is a group of stores with a manager who sees all of them."),
    )


@require_http_methods(["GET", "POST"])
@hq_only
def edit(request: HQRequest, pk: int | None = None) -> HttpResponse:
    region = get_object_or_404(Region, pk=pk) if pk else Region()
    mine = list(region.stores.values_list("pk", flat=True)) if pk else []
    facts = {"code": region.code, "name": region.name, "stores": mine}
    form = RegionForm(request.POST or None, initial=facts)
    if request.method == "POST" and form.is_valid():
        try:
            keep_region(region, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("hq:region", region.pk)
    context = {
        "title": facts["name"] or _("New region"),
        "region": region,
        "form": form,
        "managers": managers().filter(region=pk) if pk else [],
    }
    return render(request, "hq/stores/region.html", context, status=422 if form.is_bound else 200)
