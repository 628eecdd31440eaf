"""Gates: whether a family may be touched now, for this purpose and in this way; if not, why.

Recall and logistics are never blocked. A hard refusal stops everybody; a soft one stops machines,
and a guide may go on after reading why. Every refusal names its rule in a sentence for the screen.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from warmline.base import sql
from warmline.base.clock import today
from warmline.core.contacts.models import Purpose, QuietHours
from warmline.core.people.models import Child, Household

GATES = Path(__file__).parent / "sql" / "gates.sql"
NEVER_BLOCKED = frozenset({Purpose.RECALL, Purpose.LOGISTICS})
PROMOTIONAL = frozenset({Purpose.SALES, Purpose.SURVEY})
LOCKED_DAYS = 183  # the first six months: no formula at all is promoted to this family

SENTENCES: Mapping[str, Any] = {
    "gone": _("This family has left us; they are only rung if a delivery or a recall needs it."),
    "consent": _("This family has not allowed “%(purpose)s” yet, and unknown means no."),
    "withdrawn": _("This family has withdrawn its consent to “%(purpose)s”."),
    "budget": _(
        "“%(purpose)s”: tried %(tries)s times in %(days)s days; %(tries_max)s is enough,"
        " answered or not."
    ),
    "quiet": _("Quiet hours from %(begins)s to %(ends)s where this family lives."),
    "first_stage": _(
        "Infant formula of the first stage is not promoted: no offers, no samples, no pushing."
    ),
    "under_six_months": _(
        "There is a baby under six months: formula is not offered to this family."
    ),
}


class Goods(Protocol):
    """Something that a message speaks of."""

    @property
    def is_locked(self) -> bool: ...
    @property
    def category(self) -> Any: ...


@dataclass(frozen=True)
class Refusal:
    """One rule that says no."""

    rule: str
    is_hard: bool
    purpose: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Why not, in the reader's language."""
        return str(SENTENCES[self.rule]) % {"purpose": Purpose(self.purpose).label, **self.facts}

    def __str__(self) -> str:
        return self.sentence


class Blocked(Exception):
    """This may not be sent or planned; `refusals` say which rules forbid it."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__(" ".join(r.rule for r in refusals))
        self.refusals = refusals


def check(
    household: Household,
    purpose: str,
    medium: str,
    at: datetime,
    products: Iterable[Goods] = (),
) -> list[Refusal]:
    """What stands against touching this family so; nothing: go on."""
    found = check_many([household.pk], purpose, medium, at).get(household.pk, [])
    return found + _promotion_of_formula(household, purpose, list(products))


def check_many(
    households: Collection[int], purpose: str, medium: str, at: datetime
) -> dict[int, list[Refusal]]:
    """The same for many families in one statement; who is not in the answer may be touched."""
    refused: dict[int, list[Refusal]] = {}
    if purpose in NEVER_BLOCKED or not households:
        return refused
    asked = {"households": list(households), "purpose": purpose, "medium": medium, "at": at}
    for household, rule, is_hard, facts in sql.run(GATES, asked):
        facts = json.loads(facts)  # Django reads jsonb of raw SQL as text
        refused.setdefault(household, []).append(Refusal(rule, is_hard, purpose, facts))
    return refused


def _promotion_of_formula(
    household: Household, purpose: str, products: list[Goods]
) -> list[Refusal]:
    """The breast-milk-substitute guard: by the product's stage and by the baby's age."""
    if purpose not in PROMOTIONAL or not products:
        return []
    if any(product.is_locked for product in products):
        return [Refusal("first_stage", True, purpose)]
    formula = any(product.category.use == "formula" for product in products)
    if formula and _has_a_baby_under_six_months(household):
        return [Refusal("under_six_months", True, purpose)]
    return []


def _has_a_baby_under_six_months(household: Household) -> bool:
    born_after = today(household.store.zone) - timedelta(days=LOCKED_DAYS)
    children = Child.objects.filter(household=household)
    expected = children.filter(born_on__isnull=True, due_on__isnull=False)
    return children.filter(born_on__gt=born_after).exists() or expected.exists()


def quiet_until(purpose: str, zone: ZoneInfo, at: datetime) -> datetime | None:
    """When the quiet hours around this instant end on that wall clock; None: it is not quiet."""
    hours = QuietHours.objects.order_by("pk").first()
    return hours_end(hours, purpose, zone, at) if hours else None


def hours_end(hours: QuietHours, purpose: str, zone: ZoneInfo, at: datetime) -> datetime | None:
    if purpose in NEVER_BLOCKED:
        return None
    promotional = purpose in PROMOTIONAL
    begins = hours.sales_begins if promotional else hours.begins
    ends = hours.sales_ends if promotional else hours.ends
    local = at.astimezone(zone)
    if not _within(local.time(), begins, ends):
        return None
    day = local.date() + timedelta(days=1 if local.time() >= ends else 0)
    return datetime.combine(day, ends, zone).astimezone(at.tzinfo)


def _within(moment: time, begins: time, ends: time) -> bool:
    if begins <= ends:
        return begins <= moment < ends
    return moment >= begins or moment < ends
