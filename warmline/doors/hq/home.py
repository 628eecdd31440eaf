"""How the chain did: promises kept, calls before the run-out, forecasts against what came."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from warmline.core.contacts.models import Contact
from warmline.core.people.models import Household, Staff, Store
from warmline.core.playbooks.models import Playbook
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.goods.catalog.models import Product
from warmline.goods.sales.models import Sale
from warmline.insight import measures
from warmline.look.tables import Column, as_file, exports_of

CHOICES = (7, 30, 90)

COLUMNS = [
    Column(gettext_lazy("Store"), lambda r: r.store),
    Column(gettext_lazy("Guide"), lambda r: r.guide),
    Column(gettext_lazy("Due"), lambda r: r.due, is_number=True),
    Column(gettext_lazy("On time"), lambda r: r.kept, is_number=True),
    Column(gettext_lazy("Broken"), lambda r: r.broken, is_number=True),
    Column(gettext_lazy("Still owed"), lambda r: r.still_owed, is_number=True),
]


@require_safe
@hq_only
def index(request: HQRequest) -> HttpResponse:
    said = request.GET.get("days", "")
    days = int(said) if said in map(str, CHOICES) else 30
    period = measures.Period.of_days(days)
    kept = measures.promises_kept(period)
    if file := as_file(request, kept, COLUMNS, name="promises-kept"):
        return file
    total, before = _total(kept), _total(measures.promises_kept(period.before))
    by_day = measures.promises_by_day(period)
    called = measures.called_before_run_out(period)
    foreseen, reached = sum(c.foreseen for c in called), sum(c.called for c in called)
    context = {
        "days": days,
        "choices": CHOICES,
        "kept": kept,
        "total": total,
        "rate": _rate(total),
        "before": _rate(before) if before["due"] else None,
        "trend": [d.kept / d.due for d in by_day],
        "trend_label": _("Share of promises kept, day by day"),
        "foreseen": foreseen,
        "called": reached,
        "called_rate": 100 * reached / foreseen if foreseen else 0,
        "errors": measures.forecast_errors(period),
        "exports": exports_of(request),
        "steps": _steps(),
    }
    return render(request, "hq/home/index.html", context)


def _total(kept: list[measures.PromisesKept]) -> dict[str, int]:
    names = ("due", "kept", "broken", "still_owed")
    return {name: sum(getattr(row, name) for row in kept) for name in names}


def _rate(total: dict[str, int]) -> float:
    return 100 * total["kept"] / total["due"] if total["due"] else 0.0


def _steps() -> list[tuple[bool, str, str]]:
    """What a new chain does first, ticked off by looking; nothing once all of it is done."""

    def there(rows: Any) -> bool:
        return bool(rows.exists())

    steps = [
        (there(Store.objects), _("Add your stores, with their place and hours"), "hq:stores"),
        (there(Staff.objects.filter(role="guide")), _("Add your guides"), "hq:staff"),
        (there(Product.objects), _("Import your products"), "hq:products"),
        (there(Household.objects), _("Import your members and babies"), "hq:products"),
        (there(Sale.objects), _("Import your sales, or send them by API"), "hq:products"),
        (there(Playbook.objects.filter(is_on=True)), _("Switch your playbooks on"), "hq:playbooks"),
        (there(Contact.objects), _("Let a guide log the first call"), "guide:today"),
    ]
    if all(done for done, _words, _to in steps):
        return []
    return [(done, words, reverse(to)) for done, words, to in steps]
