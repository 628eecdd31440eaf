"""Where the drawn things lie. Plain arithmetic: numbers in, places on a line out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MARGIN = 0.06  # room left and right of the outermost mark, as a share of the width


@dataclass(frozen=True)
class RunOutGauge:
    """Early, likely and late day of a run-out, and today, as percentages of the gauge's width."""

    early: float
    likely: float
    late: float
    today: float
    state: str

    @property
    def span(self) -> float:
        return round(self.late - self.early, 2)


def run_out_gauge(p10: date, p50: date, p90: date, *, today: date) -> RunOutGauge:
    p10, p50, p90 = sorted((p10, p50, p90))
    first, last = min(p10, today), max(p90, today)
    width = max((last - first).days, 1)

    def place(day: date) -> float:
        share = (day - first).days / width
        return round(100 * (MARGIN + share * (1 - 2 * MARGIN)), 2)

    return RunOutGauge(
        early=place(p10),
        likely=place(p50),
        late=place(p90),
        today=place(today),
        state=run_out_state(p10, p90, today=today),
    )


def run_out_state(p10: date, p90: date, *, today: date) -> str:
    """Quiet while there is surely enough, soon when it may be empty, broken when it surely is."""
    if today > p90:
        return "broken"
    return "soon" if today >= p10 else "quiet"


def sparkline(values: Sequence[float | None], *, width: int = 96, height: int = 24) -> list[str]:
    """Point lists of polylines, lowest value at the bottom; a missing value breaks the line, a
    single one is a dot."""
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    inset = 2
    step = (width - 2 * inset) / max(len(values) - 1, 1)

    def point(index: int, value: float) -> str:
        level = (value - low) / (high - low) if high > low else 0.5
        y = height - inset - level * (height - 2 * inset)
        return f"{inset + index * step:.1f},{y:.1f}"

    lines: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            lines.append([])
        else:
            lines[-1].append(point(index, float(value)))
    return [" ".join(line if line[1:] else line * 2) for line in lines if line]


def share(part: float, *, of: float = 100) -> float:
    """A share of the whole in percent, never outside 0 to 100."""
    if of <= 0:
        return 0.0
    return round(min(max(100 * part / of, 0), 100), 2)
