"""A day of a store became longer, shorter or a holiday: what is due when it ends follows it."""

from collections.abc import Sequence
from pathlib import Path

from warmline.base import sql
from warmline.base.clock import now

SQL = Path(__file__).parent / "sql" / "follow_the_hours.sql"


def follow_the_hours(store: int, days: Sequence[Sequence[str | None]]) -> int:
    """`days` are dates, each with the sundown and the closing time it had; how many moved."""
    return sql.changed(
        SQL,
        {
            "store": store,
            "days": [on for on, _sundown, _closes in days],
            "sundowns": [sundown for _on, sundown, _closes in days],
            "closes": [closes for _on, _sundown, closes in days],
            "now": now(),
        },
    )
