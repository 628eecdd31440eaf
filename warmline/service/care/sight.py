"""What the night sees after each purchase: everything its nets are shown, as columns.

All of it is known on the day of the purchase, so the same code looks back when the nets are taught
and looks at last night's ledger when they are asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warmline.service.care.habit import CONTENT_REACH, EPOCH, HORIZON_DAYS, LEAST_CONTENT
from warmline.service.care.parameters import Parameters, parameters_of
from warmline.service.care.recompute import (
    Floats,
    Habits,
    Ints,
    Ledger,
    every_step,
    per_line,
    starts_of,
)

DAYS = int(HORIZON_DAYS)
WEEKDAY_PRIOR = 3.0  # shopping days' worth of the usual week before a household's own counts
KNOTS_Z = (-2.5, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5)
KNOTS_LOG = (0.5, 1.0, 1.7, 2.3, 2.9, 3.4, 3.8)

Matrix = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What is seen after each purchase, one row a purchase: the inputs that stay the same whichever
    day is asked about, and what is needed for those that change with the day."""

    still: Matrix
    middle: Floats
    scale: Floats
    weekday: Ints
    pull: Matrix  # how much rather the household shops on each weekday, in the logarithm
    gaps: Ints


def weekday_of(day: Ints) -> Ints:
    """Monday is 0, as `date.weekday` counts."""
    return np.asarray((day + EPOCH - 1) % 7)


def standings(habits: Habits, learned: Sequence[Parameters]) -> tuple[Floats, Floats]:
    """`outlook.standing` for columns of any categories: where the log gap lies, and its scale."""
    k0, m0, a0, b0 = (per_line(learned, name, habits.category) for name in ("k0", "m0", "a0", "b0"))
    kappa = k0 + habits.n
    m = (k0 * m0 + habits.s1) / kappa
    b = b0 + (habits.s2 + k0 * m0 * m0 - kappa * m * m) / 2
    scale = np.sqrt(np.maximum(b, 1e-6) * (kappa + 1) / ((a0 + habits.n / 2) * kappa))
    return m + habits.last_offset, scale


def look(ledger: Ledger, *, known: Sequence[str], week: Floats) -> Sight:
    """What is seen on the day of each purchase, from that household's purchases until then; one
    line a day and no returns among them (`netted`)."""
    learned = [parameters_of(code) for code in ledger.categories]
    habits = every_step(ledger, learned)
    middle, scale = standings(habits, learned)
    centre = per_line(learned, "m0", ledger.category)
    since, before = _gaps_before(ledger, habits)
    residual = np.where(since > 0, np.log(np.clip(since, 1, DAYS)) - centre, 0.0)
    residual -= np.where(since > 0, np.roll(habits.last_offset, 1), 0.0)
    elsewhere, how_many = _other_consumables(ledger, residual, since > 0)
    counts = _weekday_counts(ledger)
    usual = week * WEEKDAY_PRIOR
    pull = np.log((counts + usual) / (counts.sum(1, keepdims=True) + WEEKDAY_PRIOR) / week)
    gaps = habits.purchases - 1
    more, more_than_usual = _content_compared(ledger, habits, learned)
    base = middle - habits.last_offset
    codes = np.array([known.index(c) if c in known else -1 for c in ledger.categories])
    still = np.column_stack(
        [
            codes[ledger.category][:, None] == np.arange(len(known)),
            middle - 2.7,
            scale - 0.8,
            np.log1p(gaps) - 1.9,
            gaps == 0,
            np.nan_to_num(np.log1p(ledger.trips_28d) - 1.8),
            np.nan_to_num(ledger.discount) * 2,
            more,
            more_than_usual,
            _residual_of(since, base),
            _residual_of(before, base),
            since > DAYS,
            np.log((gaps + 1.0) / (_span(ledger) + 1.3 * np.exp(centre))) + 2.9,
            np.log1p(_span(ledger)) / 2 - 2,
            elsewhere / (how_many + 3),
            np.log1p(how_many) - 1.8,
        ]
    )
    return Sight(
        still=still.astype(np.float32),
        middle=middle,
        scale=scale,
        weekday=weekday_of(ledger.day),
        pull=pull.astype(np.float32),
        gaps=gaps,
    )


def _first_line(ledger: Ledger) -> Ints:
    """For every line, where its own history starts."""
    starts = starts_of(ledger)
    return np.repeat(starts, np.diff(np.append(starts, len(ledger))))


def _gaps_before(ledger: Ledger, habits: Habits) -> tuple[Ints, Ints]:
    """The interval that closed with each purchase and the one before it; 0 where there is none."""
    since = np.diff(ledger.day, prepend=ledger.day[:1])
    since = np.where(habits.purchases > 1, since, 0)
    before = np.where(habits.purchases > 2, np.roll(since, 1), 0)
    return since, before


def _residual_of(gap: Ints, base: Floats) -> Floats:
    return np.where(gap > 0, np.clip(np.log(np.clip(gap, 1, DAYS)) - base, -3, 3), 0.0)


def _span(ledger: Ledger) -> Ints:
    """Days since the first purchase of this consumable."""
    return np.asarray(ledger.day - ledger.day[_first_line(ledger)])


def _content_compared(
    ledger: Ledger, habits: Habits, learned: Sequence[Parameters]
) -> tuple[Floats, Floats]:
    """The log content against the category's and against the household's own purchases before."""
    more = np.log(np.maximum(ledger.content, LEAST_CONTENT)) - per_line(
        learned, "c_q", ledger.category
    )
    more = np.clip(more, -CONTENT_REACH, CONTENT_REACH)
    first = _first_line(ledger)
    before = np.cumsum(more) - more  # all lines before this one
    own = (before - before[first]) / np.maximum(habits.purchases - 1, 1)
    return more, np.where(habits.purchases > 1, more - own, 0.0)


def _by_time(ledger: Ledger) -> tuple[Ints, Ints, Ints]:
    """The order of households and days, the first line of each household in it, and for each line
    the last one of its household and day: what is known at the end of that day."""
    order = np.lexsort((ledger.category, ledger.day, ledger.household))
    household, day = ledger.household[order], ledger.day[order]
    new = np.append(True, household[1:] != household[:-1])
    starts = np.flatnonzero(new)
    first = np.repeat(starts, np.diff(np.append(starts, len(order))))
    ends = np.append((household[1:] != household[:-1]) | (day[1:] != day[:-1]), True)
    closing = np.flatnonzero(ends)
    last = np.repeat(closing, np.diff(np.append(-1, closing)))
    return order, first, last


def _until_then(values: Floats, first: Ints, last: Ints) -> Floats:
    """Sums over a household's lines until the end of each line's day."""
    sums = np.cumsum(values, axis=0)
    return np.asarray(sums[last] - sums[first] + values[first])


def _weekday_counts(ledger: Ledger) -> Floats:
    """On which weekdays the household has shopped so far, each day once."""
    order, first, last = _by_time(ledger)
    weekday = weekday_of(ledger.day[order])
    hits = np.zeros((len(order), 7))
    fresh = np.append(True, last[1:] != last[:-1])
    hits[np.flatnonzero(fresh), weekday[fresh]] = 1.0
    counts = np.empty_like(hits)
    counts[order] = _until_then(hits, first, last)
    return counts


def _other_consumables(
    ledger: Ledger, residual: Floats, closed: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """How late this household is with everything else it buys: the sum of residuals, and of how
    many intervals."""
    order, first, last = _by_time(ledger)
    both = np.column_stack([residual, closed])
    everything = np.empty_like(both)
    everything[order] = _until_then(both[order], first, last)
    own = np.cumsum(both, axis=0)
    start = _first_line(ledger)
    rest = everything - (own - own[start] + both[start])
    return rest[:, 0], rest[:, 1]


def inputs(sight: Sight, at: Ints, ahead: Ints) -> Matrix:
    """All inputs of the nets for some purchases `at` and days `ahead` of each."""
    days = ahead.astype(np.float32)
    log = np.log(days)
    z = np.clip((log - sight.middle[at]) / sight.scale[at], -5, 3)
    weekday = (sight.weekday[at] + ahead) % 7
    weeks = ahead % 7 == 0
    columns = [
        sight.still[at],
        log - 2.5,
        z,
        *(np.maximum(z - knot, 0) for knot in KNOTS_Z),
        *(np.maximum(log - knot, 0) for knot in KNOTS_LOG),
        weekday[:, None] == np.arange(7),
        weeks,
        sight.pull[at, weekday],
        weeks * np.log1p(sight.gaps[at]) / 3,
    ]
    return np.column_stack(columns).astype(np.float32)
