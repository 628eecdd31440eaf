"""How good our forecasts have been: the errors that stand beside the next one."""

from dataclasses import dataclass

from warmline.service.care.models import ForecastRecord


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
    found: dict[int, list[ForecastRecord]] = {}
    for row in rows.order_by("-made_on")[: last * 12]:
        found.setdefault(row.category_id, []).append(row)
    return {category: _kept(records[:last]) for category, records in found.items()}


def _kept(records: list[ForecastRecord]) -> Kept:
    errors, inside = [], 0
    for row in records:
        assert row.actual_on is not None
        errors.append((row.p50_on - row.actual_on).days)
        inside += row.p10_on <= row.actual_on <= row.p90_on
    return Kept(errors, inside)
