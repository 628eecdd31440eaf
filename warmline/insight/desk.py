"""How the desk did: three rates, the clocks, the causes; and for each figure the cases behind it."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from warmline.base import sql
from warmline.base.clock import now
from warmline.base.i18n import I18nText
from warmline.insight.measures import HERE, Period
from warmline.service.desk.models import rules

LEVELS = ("store", "region", "guide")
FIGURES = (
    "came", "complaints", "late", "answered_in_time", "unfinished", "finished_in_time",
    "solved_at_once", "reopened", "rated", "dissatisfied", "cause", "no_cause",
)  # fmt: skip
BROKEN = "broken"  # the cases of the promises that were
BEHIND_MAX = 5_000


@dataclass(frozen=True)
class DeskRates:
    """One store, region or guide in one while."""

    of: int | None
    name: str
    came: int
    complaints: int
    sales: int
    contacts: int
    omitted: int
    rated: int
    dissatisfied: int
    due: int
    answered_in_time: int
    to_finish: int
    finished_in_time: int
    solved_at_once: int
    reopened: int
    broken: int

    @property
    def complaint_rate(self) -> float | None:
        """Complaints of a hundred receipts."""
        return _share(self.complaints, self.sales)

    @property
    def omission_rate(self) -> float | None:
        return _share(self.omitted, self.contacts)

    @property
    def dissatisfaction_rate(self) -> float | None:
        return _share(self.dissatisfied, self.rated)

    @property
    def late(self) -> int:
        return self.due - self.answered_in_time

    @property
    def is_often_late(self) -> bool:
        """More than one of ten."""
        return 10 * self.answered_in_time < 9 * self.due

    @property
    def unfinished(self) -> int:
        return self.to_finish - self.finished_in_time


@dataclass(frozen=True)
class DeskDay:
    on: date
    came: int
    due: int
    in_time: int
    omitted: int
    contacts: int


@dataclass(frozen=True)
class Missed:
    """One contact, and in which ways it was missed."""

    channel: str
    store: str | None
    case: int | None
    came_at: datetime
    unrecorded: bool
    unowned: bool
    unanswered: bool
    unfed: bool


@dataclass(frozen=True)
class SampleCount:
    """Marks and ends of one sort that were drawn for another look."""

    reason: str
    drawn: int
    looked_at: int
    wrong: int

    @property
    def wrong_rate(self) -> float | None:
        return _share(self.wrong, self.looked_at)


@dataclass(frozen=True)
class CauseCount:
    """One cause and how much of all it makes, together with those before it."""

    cause: int | None
    name: I18nText
    group: I18nText
    cases: int
    complaints: int
    stores: int
    lots: int
    together: float


def rates(period: Period, level: str = "store") -> list[DeskRates]:
    assert level in LEVELS
    rows = sql.dicts(HERE / "desk_rates.sql", {**_asked(period), "level": level})
    return [DeskRates(**row) for row in rows]


def total(rows: list[DeskRates]) -> DeskRates:
    names = [n for n in DeskRates.__dataclass_fields__ if n not in ("of", "name")]
    return DeskRates(of=None, name="", **{n: sum(getattr(r, n) for r in rows) for n in names})


def days(period: Period) -> list[DeskDay]:
    return [DeskDay(**row) for row in sql.dicts(HERE / "desk_days.sql", _asked(period))]


def samples(period: Period) -> list[SampleCount]:
    return [SampleCount(**row) for row in sql.dicts(HERE / "desk_samples.sql", _asked(period))]


def causes(period: Period) -> list[CauseCount]:
    rows = sql.dicts(HERE / "desk_causes.sql", _asked(period))
    return [CauseCount(**{**r, **{n: _words(r[n]) for n in ("name", "group")}}) for r in rows]


def behind(
    period: Period,
    figure: str,
    *,
    level: str = "",
    of: int | None = None,
    cause: int | None = None,
    limit: int = BEHIND_MAX,
) -> list[int]:
    """The numbers of the cases behind one figure."""
    asked: dict[str, Any] = {"figure": figure, "level": level, "of": of, "cause": cause}
    asked |= {**_asked(period), "limit": limit}
    file = "desk_broken.sql" if figure == BROKEN else "desk_cases_behind.sql"
    return [row[0] for row in sql.run(HERE / file, asked)]


def missed(
    period: Period, *, level: str = "", of: int | None = None, limit: int = BEHIND_MAX
) -> list[Missed]:
    """The contacts behind the omission rate: what came in and is no case stands among them."""
    fed_before = now() - timedelta(days=rules().feedback_days)
    asked = {"fed_before": fed_before, "level": level, "of": of, "limit": limit}
    rows = sql.dicts(HERE / "desk_missed.sql", {**_asked(period), **asked})
    return [Missed(**row) for row in rows]


def _asked(period: Period) -> dict[str, Any]:
    return {**period.params(), "now": now()}


def _words(said: str | None) -> I18nText:
    return I18nText(json.loads(said) if said else {})


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
