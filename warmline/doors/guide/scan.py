"""Scan a tin or a member's card: what it is, how long it lasts, who is running out of it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from warmline.base.clock import today
from warmline.core.people.models import Household, Member
from warmline.core.people.reading import saw
from warmline.doors.guide.access import GuideRequest, my_families, staff_only
from warmline.goods.catalog.models import Product
from warmline.goods.catalog.products import find_product
from warmline.goods.trace.identity.keys import BadKey
from warmline.goods.trace.looking import unit_of
from warmline.goods.trace.spelling import spelt
from warmline.goods.trace.verdicts import Verdict, verdict
from warmline.service.care.models import RunOut

SHOWN = 10


@require_safe
@staff_only
def index(request: GuideRequest) -> HttpResponse:
    code = request.GET.get("code", "").strip()[:300]
    if not code:
        return render(request, "guide/scan/index.html", {})
    if family := _family_of_card(request, code):
        return redirect("guide:family", family.pk)
    said = _tin(code)
    product = (said.lot.product if said and said.lot else None) or find_product(code)
    rows = _running_out(request, product) if product else []
    saw(request, [row.household_id for row in rows], "name")
    context = {"code": code, "product": product, "tin": said, "rows": rows, "today": today()}
    return render(request, "guide/scan/index.html", context)


def _tin(code: str) -> Verdict | None:
    """What is to be said of one very tin, if its own code was read."""
    try:
        read = spelt(code)
    except BadKey:
        return None
    unit = unit_of(read.gtin, read.serial) if read.serial else None
    return verdict(unit) if unit is not None else None


def _family_of_card(request: GuideRequest, code: str) -> Household | None:
    member = Member.objects.filter(member_no=code[:80], household__in=my_families(request)).first()
    return member.household if member else None


def _running_out(request: GuideRequest, product: Product) -> list[RunOut]:
    """My families who use this very product, the first to run out first."""
    rows = RunOut.objects.filter(
        product=product, call_on__isnull=False, household__in=my_families(request)
    )
    return list(
        rows.select_related("category")
        .prefetch_related("household__members")
        .order_by("p50_on")[:SHOWN]
    )
