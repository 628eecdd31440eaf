"""Tins that families told us of by their codes: each a purchase, once.

A receipt and a code may tell of one tin, in either order: the receipt counts, and explains as many
tins of its article as it sold, if they came home after it. What no receipt explains (bought
elsewhere, or without a number at the till) counts by itself.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from warmline.base import sql
from warmline.core.people.models import Household
from warmline.goods.catalog.models import Category, Product
from warmline.service.care.correcting import correct
from warmline.service.care.models import Correction, HomeTin, RunOut

SQL = Path(__file__).parent / "sql"
BEFORE, AFTER = timedelta(days=90), timedelta(days=1)  # how far from the receipt a code is read


@dataclass(slots=True)
class Line:
    """A line of a receipt, and how many tins it may still tell of."""

    sold_on: date
    id: int
    left: int


@transaction.atomic
def note(
    household: Household,
    *,
    unit: int,
    product: int,
    came_on: date,
    store: int | None = None,
    opened_on: date | None = None,
) -> Collection[int]:
    """The family has this tin; whose forecasts have to be made anew."""
    what = (
        Product.objects.filter(pk=product, content__isnull=False)
        .exclude(category__use="")
        .values_list("category_id", "content")
        .first()
    )
    if what is None:
        return set()
    known = HomeTin.objects.select_for_update().filter(unit_id=unit).first()
    if known and known.household_id == household.pk:
        if opened_on and known.opened_on is None:
            known.opened_on = opened_on
            known.save(update_fields=["opened_on"])
        return set()
    said = {"came_on": came_on, "opened_on": opened_on, "line_id": None}
    HomeTin.objects.update_or_create(
        unit_id=unit,
        defaults={
            "household": household,
            "store_id": store or household.store_id,
            "product_id": product,
            "category_id": what[0],
            "content": float(what[1] or 0),
            **said,
        },
    )
    return {household.pk} | ({known.household_id} if known else set())


def waiting(households: Iterable[int]) -> set[int]:
    """The families among these with a tin that no receipt explains yet."""
    rows = HomeTin.objects.filter(household__in=list(households), line_id__isnull=True)
    return set(rows.values_list("household_id", flat=True))


def explain(households: Collection[int]) -> None:
    """Let receipts tell of the tins that they sold, and no longer of those that they do not."""
    asked = {"households": list(households)}
    if not HomeTin.objects.filter(household__in=asked["households"]).exists():
        return
    sql.changed(SQL / "free_home_tins.sql", asked)
    tins = list(
        HomeTin.objects.select_for_update()
        .filter(household__in=asked["households"], line_id__isnull=True)
        .order_by("came_on", "pk")
    )
    lines: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for family, product, *said in sql.run(SQL / "lines_for_home_tins.sql", asked):
        lines[family, product].append(Line(*said))
    for tin in tins:
        for line in lines[tin.household_id, tin.product_id]:
            if line.left > 0 and tin.came_on - BEFORE <= line.sold_on <= tin.came_on + AFTER:
                line.left, tin.line_id = line.left - 1, line.id
                break
    HomeTin.objects.bulk_update([tin for tin in tins if tin.line_id], ["line_id"])


def take_stock(household: Household, *, unit: int) -> None:
    """The lid was opened: if it was the only tin of the last purchase, it was full that day, and
    keeps from that day on. Of several nobody knows how many stand beside it."""
    tin = HomeTin.objects.filter(unit_id=unit, household=household).first()
    if tin is None or tin.opened_on is None:
        return
    row = RunOut.objects.filter(household=household, category=tin.category_id).first()
    if row is None or row.last_packs > 1 or row.product_id != tin.product_id:
        return
    category = Category.objects.get(pk=tin.category_id)
    correct(household, category, Correction.Kind.STOCK, value=tin.content, by=None)
