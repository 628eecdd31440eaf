"""The one clock. Every "now" in Warmline comes from here, so that a test can say what time it is.

With `WARMLINE_TESTING=1`, and only then, the clock follows the file named by `WARMLINE_CLOCK`: its
text is an ISO instant ("2026-11-21T08:00:00+08:00"). Every process that reads the same file agrees.

Whoever tells a story of the past (the demo's months) sets the clock for the telling with `told`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    if told_at := _told.get():
        return told_at
    if os.environ.get("WARMLINE_TESTING") == "1" and (file := os.environ.get("WARMLINE_CLOCK")):
        try:
            said = Path(file).read_text().strip()
        except FileNotFoundError:
            said = ""
        if said:
            return datetime.fromisoformat(said).astimezone(UTC)
    return datetime.now(UTC)  # noqa: TID251


def today(zone: ZoneInfo = CHINA) -> date:
    """The calendar day that the clock on the shop's wall shows."""
    return now().astimezone(zone).date()


@contextmanager
def told(instant: datetime) -> Iterator[None]:
    """Within, it is this instant: what is done here is written down as done then."""
    before = _told.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(before)
