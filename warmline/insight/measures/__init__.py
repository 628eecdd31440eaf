"""What it came to: each measure is a question, its `.sql` file, and a row of what it returns."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from warmline.base import sql
from warmline.base.clock import CHINA, today
from warmline.base.i18n import I18nText

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Period:
    """Whole days, the last one not included."""

    first: date
    last: date
    zone: ZoneInfo = CHINA

    @classmethod
    def of_days(cls, days: int) -> "Period":
        """The last so many days, today included."""
        end = today() + timedelta(days=1)
        return cls(end - timedelta(days=days), end)

    @property
    def before(self) -> "Period":
        return Period(self.first - (self.last - self.first), self.first, self.zone)

    def params(self) -> dict[str, Any]:
        return {
            "first": self.first,
            "last": self.last,
            "since": datetime.combine(self.first, time(), self.zone),
            "until": datetime.combine(self.last, time(), self.zone),
            "zone": str(self.zone),
        }


@dataclass(frozen=True)
class PromisesKept:
    """One keeper's promises that fell due in the period; without a guide: the store's queue."""

    store: str
    guide: str
    due: int
    kept: int
    broken: int
    still_owed: int

    @property
    def rate(self) -> float:
        return self.kept / self.due if self.due else 0.0


@dataclass(frozen=True)
class DayKept:
    on: date
    due: int
    kept: int


@dataclass(frozen=True)
class CalledBeforeRunOut:
    store: str
    foreseen: int
    called: int


@dataclass(frozen=True)
class ForecastErrors:
    """Mean error in days of our forecasts, beside what the plain mean interval would have said."""

    category: str
    name: I18nText
    closed: int
    days_off: float
    plain_days_off: float | None
    plain_known: int
    inside: float


def promises_kept(period: Period) -> list[PromisesKept]:
    return [PromisesKept(**r) for r in sql.dicts(HERE / "promises_kept.sql", period.params())]


def promises_by_day(period: Period) -> list[DayKept]:
    return [DayKept(**r) for r in sql.dicts(HERE / "promises_by_day.sql", period.params())]


def called_before_run_out(period: Period) -> list[CalledBeforeRunOut]:
    file = HERE / "called_before_run_out.sql"
    return [CalledBeforeRunOut(**r) for r in sql.dicts(file, period.params())]


def forecast_errors(period: Period) -> list[ForecastErrors]:
    rows = sql.dicts(HERE / "forecast_record.sql", period.params())
    return [ForecastErrors(**{**r, "name": I18nText(json.loads(r["name"]))}) for r in rows]
