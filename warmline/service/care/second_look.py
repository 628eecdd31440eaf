"""Every night: look again at what was bought since, with all that the family's ledger tells.

A sale's own transaction answers from the row alone, in a time that does not grow with history, and
marks the row. The night takes the marked rows, some thousand at a time, asks the net what to expect
after each open purchase (`night.py`) and forecasts again. Every batch commits by itself: whoever
dies in the middle loses one batch, and the next night goes on where the marks still stand.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numpy as np
from django.db import transaction

from warmline.base import sql
from warmline.service.care.foreseeing import foresee, save
from warmline.service.care.models import RunOut
from warmline.service.care.night import Outlooks, outlooks
from warmline.service.care.rebuilding import FAR, Bought, ledger_of
from warmline.service.care.recompute import Ints, Ledger, lines_ending, netted

SQL = Path(__file__).parent / "sql"
BATCH = 2_000  # rows; with the ledgers of their families some thirty megabytes


@dataclass(frozen=True)
class Figures:
    """What a night came to."""

    looked: int
    left: int


def look_again(*, at_most_s: float = math.inf) -> Figures:
    """Look at the marked rows until there are none or the time is over."""
    until, looked, after = monotonic() + at_most_s, 0, 0
    while monotonic() < until:
        with transaction.atomic():
            rows = _marked(after)
            looked += _look(rows)
        if len(rows) < BATCH:
            break
        after = rows[-1].pk
    return Figures(looked, RunOut.objects.filter(is_stale=True).count())


def _marked(after: int) -> list[RunOut]:
    """The next marked rows. What a sale is just changing is left alone: it will be marked again."""
    rows = RunOut.objects.select_for_update(skip_locked=True).filter(is_stale=True, pk__gt=after)
    return list(rows.order_by("pk")[:BATCH])


def _look(rows: Sequence[RunOut]) -> int:
    """The night's outlook for those whose ledger says what the row says; how many."""
    if not rows:
        return 0
    bought = ledger_of(sorted({row.household_id for row in rows}))
    seen = {(row.household_id, row.category_id): row for row in rows}
    looked = []
    for key, last_day, said in _expected(bought, rows):
        row = seen[key]
        if row.last_day == last_day:  # else a sale came that the row has not learned from yet
            row.night = said
            looked.append(row)
    foresee(looked)
    save(looked)
    sql.changed(SQL / "open_records.sql", {"ids": [row.pk for row in looked]})
    return len(looked)


def _expected(
    bought: Bought, rows: Sequence[RunOut]
) -> Iterator[tuple[tuple[int, int], int, list[float]]]:
    """Household and category, the day of the open purchase, and what to expect after it."""
    ledger = netted(bought.ledger)
    found = outlooks(ledger, at=_open_purchases(ledger, bought.codes, rows))
    for i in range(len(found.household)):
        key = int(found.household[i]), bought.codes[int(found.category[i])]
        yield key, int(found.last_day[i]), _said(found, i)


def _open_purchases(ledger: Ledger, codes: Sequence[int], rows: Sequence[RunOut]) -> Ints:
    """The lines of the ledger after which these rows stand."""
    ends = lines_ending(ledger)
    standing = ledger.household[ends] * FAR + np.array(codes, np.int64)[ledger.category[ends]]
    return ends[np.isin(standing, [row.household_id * FAR + row.category_id for row in rows])]


def _said(found: Outlooks, i: int) -> list[float]:
    return [*found.days[i].tolist(), float(found.p_return[i])]
