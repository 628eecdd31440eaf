"""How good our forecasts have been: the errors that stand beside the next one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Kept:
    """One family's closed forecasts of one consumable: signed errors in days, newest first."""

    errors: list[int]
    inside: int  # how many purchases came between p10 and p90

    @property
    def count(self) -> int:
        return len(self.errors)

    @property
    def mean_days(self) -> float:
        return sum(abs(e) for e in self.errors) / len(self.errors) if self.errors else 0.0


def kept(closed: Iterable[tuple[str, str, str, str]]) -> Kept:
    """Of closed forecasts, newest first: the days p10, p50 and p90, and the day of the purchase."""
    errors, inside = [], 0
    for days in closed:
        p10, p50, p90, actual = map(date.fromisoformat, days)
        errors.append((p50 - actual).days)
        inside += p10 <= actual <= p90
    return Kept(errors, inside)
