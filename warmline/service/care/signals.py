"""What care announces."""

from dataclasses import dataclass

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
