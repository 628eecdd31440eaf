"""Teaching the night's nets from purchase histories: what `night.json` holds.

Every day a household waited is an example: did it buy on that day or not. A gap that was still open
when the learning ended has taught only that it did not buy until then.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warmline.service.care.fitting import gaps_of
from warmline.service.care.night import Net, Night
from warmline.service.care.recompute import Floats, Ints, Ledger
from warmline.service.care.sight import Matrix, inputs, look, weekday_of

UNITS = 12
VOTERS = 8
ROUNDS = 14
BATCH = 2048
RATE = 3e-3
DECAY = 1e-5
EVEN_OUT = 0.3  # how far small categories are lifted towards the weight of the large ones


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Days waited, one row a day: after which purchase, how many days, and whether one came."""

    at: Ints
    ahead: Ints
    came: NDArray[np.bool_]
    weight: Floats


def waited(ledger: Ledger, *, until_day: int) -> Waiting:
    """Every day after every purchase until the next one, 60 days or the end of learning."""
    gaps = gaps_of(ledger, until_day=until_day)
    days = gaps.days.astype(np.int64)
    at = np.repeat(np.arange(len(ledger)), days)
    ends = np.cumsum(days)
    ahead = np.arange(len(at)) - np.repeat(ends - days, days) + 1
    came = np.zeros(len(at), bool)
    came[(ends - 1)[days > 0]] = gaps.closed[days > 0]
    count = np.bincount(ledger.category, minlength=len(ledger.categories))
    lift = (count.sum() / len(count) / np.maximum(count, 1)) ** EVEN_OUT
    return Waiting(at=at, ahead=ahead, came=came, weight=lift[ledger.category][at])


def usual_week(ledger: Ledger) -> Floats:
    """The share of shopping days on each weekday, Monday first."""
    seen = np.unique(np.column_stack([ledger.household, ledger.day]), axis=0)[:, 1]
    counts = np.bincount(weekday_of(seen), minlength=7)
    return np.asarray(counts / counts.sum())


def teach(ledger: Ledger, *, until_day: int, voters: int = VOTERS, seed: int = 1) -> Night:
    """Small nets, each from its own random start, taught on the days waited until a day; what is
    kept is their vote."""
    known, week = tuple(ledger.categories), usual_week(ledger)
    waiting = waited(ledger, until_day=until_day)
    x = inputs(look(ledger, known=known, week=week), waiting.at, waiting.ahead)
    nets = [_taught(x, waiting, np.random.default_rng(seed + voter)) for voter in range(voters)]
    return Night(categories=known, week=week, net=_vote_of(nets))


def _vote_of(nets: list[Net]) -> Net:
    """The mean of their logits: one net that has the hidden units of all."""
    return Net(
        mean=nets[0].mean,
        spread=nets[0].spread,
        inner=np.hstack([net.inner for net in nets]),
        inner_bias=np.concatenate([net.inner_bias for net in nets]),
        outer=np.asarray(np.concatenate([net.outer for net in nets]) / len(nets), np.float32),
        straight=np.asarray(np.mean([net.straight for net in nets], axis=0), np.float32),
        bias=float(np.mean([net.bias for net in nets])),
    )


def _taught(x: Matrix, waiting: Waiting, rng: np.random.Generator) -> Net:
    """One net, by Adam on the weighted log loss with a rate that fades out as a cosine."""
    mean, spread = x.mean(0), x.std(0) + np.float32(1e-3)
    width = x.shape[1]
    weights: list[Any] = [
        np.asarray(rng.normal(0, width**-0.5, (width, UNITS)), np.float32),
        np.zeros(UNITS, np.float32),
        np.asarray(rng.normal(0, 0.3 * UNITS**-0.5, UNITS), np.float32),
        np.asarray(rng.normal(0, 0.01, width), np.float32),
        np.float32(-2.5),
    ]
    first = [np.zeros_like(w) for w in weights]
    second = [np.zeros_like(w) for w in weights]
    came, weight = waiting.came.astype(np.float32), waiting.weight.astype(np.float32)
    batches = max(len(x) // BATCH, 1)
    step, steps = 0, ROUNDS * batches
    for _ in range(ROUNDS):
        for rows in np.array_split(rng.permutation(len(x)), batches):
            step += 1
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps)) + 1e-5
            scaled = np.clip((x[rows] - mean) / spread, -6, 6)
            slopes = _slopes(weights, scaled, came[rows], weight[rows])
            for i, slope in enumerate(slopes):
                first[i] = 0.9 * first[i] + 0.1 * slope
                second[i] = 0.999 * second[i] + 0.001 * slope * slope
                drift = first[i] / (1 - 0.9**step)
                size = np.sqrt(second[i] / (1 - 0.999**step)) + 1e-8
                weights[i] = np.asarray(weights[i] - rate * drift / size, np.float32)
    inner, inner_bias, outer, straight, bias = weights
    return Net(
        mean=mean,
        spread=spread,
        inner=inner,
        inner_bias=inner_bias,
        outer=outer,
        straight=straight,
        bias=float(bias),
    )


def _slopes(weights: list[Any], x: Matrix, came: Matrix, weight: Matrix) -> list[Any]:
    inner, inner_bias, outer, straight, bias = weights
    bent = np.tanh(x @ inner + inner_bias)
    logit = bent @ outer + x @ straight + bias
    miss = (1 / (1 + np.exp(-logit)) - came) * weight / len(x)
    back = np.outer(miss, outer) * (1 - bent * bent)
    return [
        x.T @ back + DECAY * inner,
        back.sum(0),
        bent.T @ miss + DECAY * outer,
        x.T @ miss,
        miss.sum(),
    ]


def written(night: Night) -> dict[str, Any]:
    """What was learned, as its file holds it (`night.night_of` reads it back)."""
    net = {}
    for field in fields(Net):
        value = np.asarray(getattr(night.net, field.name), np.float64)
        net[field.name] = np.round(value, 5).tolist()
    return {
        "categories": list(night.categories),
        "week": np.round(night.week, 6).tolist(),
        "net": net,
    }
