"""What we were told about families, as the forecast reads it: babies, stock, other shops."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from warmline.core.people.models import Child
from warmline.goods.catalog.daily_use import median_weight_kg
from warmline.service.care.models import Correction
from warmline.service.care.runout import Baby, Family, Stock

SHARE = {Child.Feeding.FORMULA: 1.0, Child.Feeding.MIXED: 0.5, Child.Feeding.BREAST: 0.1}


@dataclass
class Told:
    """One family's children and the latest corrections by category and kind."""

    children: list[Child] = field(default_factory=list)
    corrections: dict[tuple[int, str], Correction] = field(default_factory=dict)

    def latest(self, category: int, *kinds: str) -> Correction | None:
        found = [c for k in kinds if (c := self.corrections.get((category, k)))]
        return max(found, key=lambda c: c.pk, default=None)


def told_of(households: Collection[int]) -> dict[int, Told]:
    """What is known of these families, in two queries."""
    told: dict[int, Told] = defaultdict(Told)
    for child in Child.objects.filter(household__in=households).defer("name"):
        told[child.household_id].children.append(child)
    corrections = Correction.objects.filter(household__in=households).order_by(
        "household_id", "category_id", "kind", "-pk"
    )
    for row in corrections.distinct("household_id", "category_id", "kind"):
        told[row.household_id].corrections[row.category_id, row.kind] = row
    return told


def family_of(told: Told, *, category: int, stage: int | None, on: date) -> Family:
    """The forecast's view of a family for one consumable on a day."""
    weaned = told.latest(category, Correction.Kind.WEANED, Correction.Kind.RESUMED)
    share = told.latest(category, Correction.Kind.SHARE)
    stock = told.latest(category, Correction.Kind.STOCK)
    elsewhere = told.latest(category, Correction.Kind.ELSEWHERE)
    off = bool(weaned and weaned.kind == Correction.Kind.WEANED and weaned.on <= on)
    return Family(
        babies=tuple(_baby(child, share=share, off=off, on=on) for child in told.children),
        stock=_stock(stock) if stock and stock.value is not None else None,
        elsewhere_share=elsewhere.value if elsewhere else None,
        stage=stage,
    )


def _baby(child: Child, *, share: Correction | None, off: bool, on: date) -> Baby:
    said = child.formula_share if child.formula_share is not None else SHARE.get(child.feeding)  # type: ignore[call-overload]
    born = child.born_on or child.due_on
    ratio = 1.0
    if child.weight_kg and child.weighed_on and born:
        girl = {Child.Sex.GIRL: True, Child.Sex.BOY: False}.get(child.sex)  # type: ignore[call-overload]
        median = median_weight_kg(max((child.weighed_on - born).days, 0), girl=girl)
        ratio = min(max(child.weight_kg / median, 0.6), 1.6)
    return Baby(
        born_on=born,
        weight_ratio=ratio,
        formula_share=share.value if share else said,
        feeding_changed_on=share.on if share else None,
        former_share=said if share else None,
        weaned=off or bool(child.weaned_on and child.weaned_on <= on),
    )


def _stock(row: Correction) -> Stock:
    """What was counted that day; tins bought since come on top of it."""
    assert row.value is not None
    return Stock(content=row.value, asked_on=row.on, bought_then=row.bought_then or 0.0)
