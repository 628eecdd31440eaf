"""What care announces."""

from dataclasses import dataclass
from typing import Any

from warmline.core.journal.signals import Signal


@dataclass(frozen=True, kw_only=True)
class ForecastCorrected(Signal):
    """A guide heard what purchases cannot show."""

    kind = "care.corrected"
    playable = True
    household: int
    store: int
    category: str
    correction: str
    value: float | None = None


@dataclass(frozen=True, kw_only=True)
class ReceiptsNamed(Signal):
    """The catalogue learned what these families had bought: a heap of them, to be foreseen anew."""

    kind = "care.receipts_named"
    households: list[int]


@dataclass(frozen=True, kw_only=True)
class OddBuyingFound(Signal):
    """A night found buying that is far from what is usual."""

    kind = "care.odd_buying_found"
    household: int | None
    store: int
    odd: int


@dataclass(frozen=True, kw_only=True)
class OddBuyingResolved(Signal):
    """Somebody looked into it: it is explained, or it was misuse and is stopped."""

    kind = "care.odd_buying_resolved"
    household: int | None
    store: int
    odd: int
    case: int | None
    is_explained: bool


@dataclass(frozen=True, kw_only=True)
class BuyingRuled(Signal):
    """Head office changed from when on buying is odd: each number, what it was and what it is."""

    kind = "care.buying_ruled"
    rule: str
    changes: dict[str, list[Any]]
