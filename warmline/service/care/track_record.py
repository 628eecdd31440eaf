"""How good our forecasts have been: the errors that stand beside the next one."""

from dataclasses import dataclass
from datetime import date

from warmline.service.care.models import ForecastRecord

DAYS = ("p10_on", "p50_on", "p90_on", "actual_on")
Closed = list[date]


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


def track_record(household: int, *, last: int = 6) -> dict[int, Kept]:
    """By category: the last few forecasts and what came of them; one query."""
    rows = ForecastRecord.objects.filter(household=household, actual_on__isnull=False)
    found: dict[int, list[Closed]] = {}
    columns = rows.order_by("-made_on").values_list("category", *DAYS)
    for category, *days in columns[: last * 12]:
        found.setdefault(category, []).append(days)
    return {category: _kept(records[:last]) for category, records in found.items()}


def _kept(records: list[Closed]) -> Kept:
    errors, inside = [], 0
    for p10, p50, p90, actual in records:
        errors.append((p50 - actual).days)
        inside += p10 <= actual <= p90
    return Kept(errors, inside)
