"""The stores of a region, for whoever manages it: how each stands today, and a way into its day."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from warmline.base.clock import now, today
from warmline.core.people.models import Staff, Store
from warmline.core.people.reading import saw
from warmline.core.promises.models import Promise
from warmline.doors.guide.access import GuideRequest, staff_only
from warmline.doors.guide.cards import cards_of
from warmline.look.tables import Column, as_file, exports_of
from warmline.service.care.today import day_of, families_of

CARDS_MAX = 40
LATE_SHOWN = timedelta(days=7)  # as long as Today shows them


def is_regional(staff: Staff) -> bool:
    """A manager of a region, and of none of its stores alone."""
    return staff.role == Staff.Role.MANAGER and not staff.store_id and bool(staff.region_id)


def my_stores(request: GuideRequest) -> QuerySet[Store]:
    """The stores of her region; of head office all; of others none, they have their own day."""
    stores = Store.objects.filter(is_open=True)
    if is_regional(request.user):
        return stores.filter(region=request.user.region_id)
    if request.user.role in (Staff.Role.HQ, Staff.Role.AUDITOR):
        return stores
    raise Http404


@require_safe
@staff_only
def index(request: GuideRequest) -> HttpResponse:
    """Each store with what it still owes today and what is late, the worst first."""
    stores = list(my_stores(request).select_related("region").order_by("name"))
    figures = {row["store"]: row for row in _figures(stores)}
    lines = [(store, figures.get(store.pk, {"owed": 0, "late": 0})) for store in stores]
    lines.sort(key=lambda line: (-line[1]["late"], -line[1]["owed"]))
    if file := as_file(request, lines, _COLUMNS, name="stores-today"):
        return file
    owed = sum(line["owed"] for _store, line in lines)
    context = {"lines": lines, "owed": owed, "region": request.user.region}
    context["exports"] = exports_of(request)
    return render(request, "guide/region/index.html", context)


_COLUMNS = [
    Column(gettext_lazy("Store"), lambda line: line[0].name),
    Column(gettext_lazy("Region"), lambda line: line[0].region.name if line[0].region else ""),
    Column(gettext_lazy("To keep today"), lambda line: line[1]["owed"], is_number=True),
    Column(gettext_lazy("Late"), lambda line: line[1]["late"], is_number=True),
]


def _figures(stores: list[Store]) -> Any:
    """Counted by each store's own clock, in one query."""
    at, due = now(), Q(pk__in=[])
    for zone in {store.zone for store in stores}:
        here = [store.pk for store in stores if store.zone == zone]
        due |= Q(store__in=here, due_at__lt=_end_of_day(today(zone), zone))
    old = Q(status=Promise.Status.BROKEN, closed_at__lt=at - LATE_SHOWN)
    rows = Promise.objects.owed().filter(due, shows_at__lte=at).exclude(old)
    late = Count("pk", filter=Q(due_at__lt=at))
    return rows.order_by().values("store").annotate(owed=Count("pk"), late=late)


def _end_of_day(day: date, zone: Any) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone)


@require_safe
@staff_only
def store_day(request: GuideRequest, store: int) -> HttpResponse:
    """One store's day, as its own manager sees it."""
    hers = get_object_or_404(my_stores(request), pk=store)
    with timezone.override(hers.zone):
        day = day_of(request.user, store=hers)
        groups, room = [], CARDS_MAX
        for words, promises in (
            (_("Now"), day.now),
            (_("By sundown"), day.by_sundown),
            (_("Can wait"), day.can_wait),
            (_("Done"), day.done),
        ):
            shown = promises[:room]
            room -= len(shown)
            if promises:
                cards = cards_of(shown, store=hers, reader=request.user)
                saw(request, families_of(shown), "name", "phone", "child", "note")
                groups.append({"words": words, "count": len(promises), "cards": cards})
        context = {"store": hers, "today": day, "groups": groups, "here": today(hers.zone)}
        return render(request, "guide/region/store.html", context)
