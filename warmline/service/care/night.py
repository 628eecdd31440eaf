"""The night's second look: the chance of a purchase on each of the next 60 days, from all we know.

The habit row answers in the sale's own transaction. At night a small net looks at the row again
together with what a row cannot hold: weekdays, the last two intervals, the household's other
consumables. It gives each day a hazard, and from those come sharper quantiles and the chance to
return at all. It was learned by `night_fitting`; a chain may learn its own.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warmline.service.care.habit import CONTENT_REACH, EPOCH, HORIZON_DAYS, LEAST_CONTENT
from warmline.service.care.outlook import Outlook
from warmline.service.care.parameters import Parameters, parameters_of
from warmline.service.care.recompute import (
    Floats,
    Habits,
    Ints,
    Ledger,
    every_step,
    lines_ending,
    per_line,
    starts_of,
)

PATH = Path(__file__).with_name("night.json")
DAYS = int(HORIZON_DAYS)
CHUNK = 2000
WEEKDAY_PRIOR = 3.0  # shopping days' worth of the usual week before a household's own counts

Matrix = NDArray[np.float32]

KNOTS_Z = (-2.5, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5)
KNOTS_LOG = (0.5, 1.0, 1.7, 2.3, 2.9, 3.4, 3.8)


@dataclass(frozen=True, kw_only=True)
class Net:
    """A small net: inputs are centred by `mean` and scaled by `spread`, `depth` hidden units bend,
    and `straight` passes every input on as a plain logistic regression would."""

    mean: Matrix
    spread: Matrix
    inner: Matrix
    inner_bias: Matrix
    outer: Matrix
    straight: Matrix
    bias: float

    def logit(self, x: Matrix) -> Matrix:
        scaled = np.clip((x - self.mean) / self.spread, -6, 6)
        bent = np.tanh(scaled @ self.inner + self.inner_bias)
        return np.asarray(bent @ self.outer + scaled @ self.straight + np.float32(self.bias))


@dataclass(frozen=True, kw_only=True)
class Night:
    """What was learned: a few nets that vote, the categories they know, and the usual week."""

    categories: tuple[str, ...]
    week: Floats  # the share of shopping days by weekday, Monday first
    nets: tuple[Net, ...]


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


@lru_cache(maxsize=1)
def learned_night() -> Night:
    return night_of(json.loads(PATH.read_text()))


def night_of(body: dict[str, Any]) -> Night:
    """What was learned, from its file."""
    nets = []
    for row in body["nets"]:
        bias = float(row.pop("bias"))
        nets.append(Net(bias=bias, **{k: np.array(v, np.float32) for k, v in row.items()}))
    return Night(
        categories=tuple(body["categories"]), week=np.array(body["week"]), nets=tuple(nets)
    )


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


def look(ledger: Ledger, night: Night) -> Sight:
    """What is seen on the day of each purchase, from that household's purchases until then; one
    line a day and no returns among them (`net_of_returns`)."""
    learned = [parameters_of(code) for code in ledger.categories]
    habits = every_step(ledger, learned)
    middle, scale = standings(habits, learned)
    centre = per_line(learned, "m0", ledger.category)
    since, before = _gaps_before(ledger, habits)
    residual = np.where(since > 0, np.log(np.clip(since, 1, DAYS)) - centre, 0.0)
    residual -= np.where(since > 0, np.roll(habits.last_offset, 1), 0.0)
    elsewhere, how_many = _other_consumables(ledger, residual, since > 0)
    counts = _weekday_counts(ledger)
    usual = night.week * WEEKDAY_PRIOR
    pull = np.log((counts + usual) / (counts.sum(1, keepdims=True) + WEEKDAY_PRIOR) / night.week)
    gaps = habits.purchases - 1
    more, more_than_usual = _content_compared(ledger, habits, learned)
    base = middle - habits.last_offset
    codes = np.array(
        [night.categories.index(c) if c in night.categories else -1 for c in ledger.categories]
    )
    still = np.column_stack(
        [
            codes[ledger.category][:, None] == np.arange(len(night.categories)),
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


def curves(sight: Sight, night: Night, *, at: Ints) -> Floats:
    """The chance that each purchase is followed by another until day 0, 1, … 60."""
    parts = [_curves(sight, night, at[i : i + CHUNK]) for i in range(0, len(at), CHUNK)]
    return np.concatenate(parts) if parts else np.zeros((0, DAYS + 1))


def _curves(sight: Sight, night: Night, at: Ints) -> Floats:
    ahead = np.tile(np.arange(1, DAYS + 1), len(at))
    x = inputs(sight, np.repeat(at, DAYS), ahead)
    logit = sum(net.logit(x) for net in night.nets) / len(night.nets)
    stays = 1 / (1 + np.exp(np.asarray(logit, np.float64)))
    waiting = np.cumprod(stays.reshape(len(at), DAYS), axis=1)
    return np.hstack([np.zeros((len(at), 1)), 1 - waiting])


def quantiles(curve: Floats) -> Floats:
    """The 10, 50 and 90 % days of those who return within 60, in the middle of a shopping day."""
    within = curve / curve[:, -1:]
    row, found = np.arange(len(curve)), []
    for share in (0.1, 0.5, 0.9):
        day = np.clip((within < share).sum(1), 1, DAYS)
        low, high = within[row, day - 1], within[row, day]
        found.append(day - 0.5 + np.clip((share - low) / (high - low + 1e-12), 0, 1))
    return np.column_stack(found)


@dataclass(frozen=True, kw_only=True)
class Outlooks:
    """An `Outlook` for every household x consumable, as columns."""

    household: Ints
    category: Ints
    last_day: Ints
    days: Floats  # p10, p50, p90
    p_return: Floats

    def outlook(self, i: int) -> Outlook:
        p10, p50, p90 = (float(day) for day in self.days[i])
        return Outlook(p10=p10, p50=p50, p90=p90, p_return=float(self.p_return[i]))


def outlooks(ledger: Ledger, *, night: Night | None = None, at: Ints | None = None) -> Outlooks:
    """What the night expects after the last purchase of each, or after the purchases `at`."""
    night = night or learned_night()
    at = lines_ending(ledger) if at is None else at
    curve = curves(look(ledger, night), night, at=at)
    return Outlooks(
        household=ledger.household[at],
        category=ledger.category[at],
        last_day=ledger.day[at],
        days=quantiles(curve),
        p_return=curve[:, -1],
    )
