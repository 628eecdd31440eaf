"""The night's second look: the chance of a purchase on each of the next 60 days, from all we know.

The habit row answers in the sale's own transaction. At night a small net looks at the row again
together with what a row cannot hold: weekdays, the last two intervals, the household's other
consumables. It gives each day a hazard, and from those come sharper quantiles and the chance to
return at all. It was learned by `night_fitting`; a chain may learn its own.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from warmline.service.care.outlook import Outlook
from warmline.service.care.recompute import Floats, Ints, Ledger, lines_ending, netted
from warmline.service.care.sight import DAYS, Matrix, Sight, inputs, look

PATH = Path(__file__).with_name("night.json")
CHUNK = 250  # purchases at once: what the net holds meanwhile fits a processor's cache


@dataclass(frozen=True, kw_only=True)
class Net:
    """A small net: inputs are centred by `mean` and scaled by `spread`, hidden units bend them,
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
    """What was learned: the net, the categories it knows, and the usual week."""

    categories: tuple[str, ...]
    week: Floats  # the share of shopping days by weekday, Monday first
    net: Net


@lru_cache(maxsize=1)
def learned_night() -> Night:
    return night_of(json.loads(PATH.read_text()))


def night_of(body: dict[str, Any]) -> Night:
    """What was learned, from its file."""
    row = dict(body["net"])
    bias = float(row.pop("bias"))
    net = Net(bias=bias, **{name: np.array(value, np.float32) for name, value in row.items()})
    return Night(categories=tuple(body["categories"]), week=np.array(body["week"]), net=net)


def curves(sight: Sight, night: Night, *, at: Ints) -> Floats:
    """The chance that each purchase is followed by another until day 0, 1, … 60."""
    parts = [_curves(sight, night, at[i : i + CHUNK]) for i in range(0, len(at), CHUNK)]
    return np.concatenate(parts) if parts else np.zeros((0, DAYS + 1))


def _curves(sight: Sight, night: Night, at: Ints) -> Floats:
    ahead = np.tile(np.arange(1, DAYS + 1), len(at))
    x = inputs(sight, np.repeat(at, DAYS), ahead)
    stays = 1 / (1 + np.exp(night.net.logit(x).astype(np.float64)))
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
    """What the night expects after the last purchase of each; or after the purchases `at`, where
    the ledger is `netted` already."""
    night = night or learned_night()
    if at is None:
        ledger = netted(ledger)
        at = lines_ending(ledger)
    curve = curves(look(ledger, known=night.categories, week=night.week), night, at=at)
    return Outlooks(
        household=ledger.household[at],
        category=ledger.category[at],
        last_day=ledger.day[at],
        days=quantiles(curve),
        p_return=curve[:, -1],
    )
