"""Learning the prior of each category from purchase histories: what `parameters.json` holds.

Empirical Bayes: the parameters under which each next gap was least surprising, given the row that
stood when it opened. A gap still open when the learning ends counts by how long it has lasted:
leaving it out would teach that everybody comes back soon.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from warmline.goods.catalog.daily_use import CATEGORIES
from warmline.service.care.habit import HORIZON_DAYS, LEAST_CONTENT
from warmline.service.care.parameters import Parameters
from warmline.service.care.recompute import Floats, Habits, Ledger, every_step

_lgamma = np.vectorize(math.lgamma, otypes=[np.float64])
_erfc = np.vectorize(math.erfc, otypes=[np.float64])


@dataclass(frozen=True, kw_only=True)
class Gaps:
    """The gap after each purchase: its days so far, and whether it closed before learning ended."""

    days: Floats
    closed: NDArray[np.bool_]


def gaps_of(ledger: Ledger, *, until_day: int) -> Gaps:
    """Gaps as they were known at the end of a day; after 60 days a gap counts as open."""
    following = np.empty(len(ledger), np.int64)
    following[:-1] = ledger.day[1:]
    last = np.ones(len(ledger), bool)
    last[:-1] = (ledger.household[1:] != ledger.household[:-1]) | (
        ledger.category[1:] != ledger.category[:-1]
    )
    closed = ~last
    days = np.where(closed, following - ledger.day, until_day - ledger.day).astype(np.float64)
    closed &= days <= HORIZON_DAYS
    return Gaps(days=np.minimum(days, HORIZON_DAYS), closed=closed)


def standings(habits: Habits, p: Parameters) -> tuple[Floats, Floats, Floats]:
    """Mean, scale and degrees of freedom of every next log gap (`outlook.standing` for columns)."""
    kappa = p.k0 + habits.n
    m = (p.k0 * p.m0 + habits.s1) / kappa
    a = p.a0 + habits.n / 2
    b = p.b0 + (habits.s2 + p.k0 * p.m0 * p.m0 - kappa * m * m) / 2
    scale = np.sqrt(np.maximum(b, 1e-6) * (kappa + 1) / (a * kappa))
    return m + habits.last_offset, scale, 2 * a


def surprise(ledger: Ledger, gaps: Gaps, p: Parameters) -> float:
    """Mean negative log likelihood of the gaps: a share `returning` of the households comes back
    within 60 days, after a log gap of Student's t; a gap still open may be either kind."""
    middle, scale, free = standings(every_step(ledger, [p] * len(ledger.categories)), p)
    t = (np.log(np.maximum(gaps.days, 1.0)) - middle) / scale
    density = (
        _lgamma((free + 1) / 2)
        - _lgamma(free / 2)
        - 0.5 * np.log(free * math.pi)
        - np.log(scale)
        - (free + 1) / 2 * np.log1p(t * t / free)
    )
    within = 1 - _survival((math.log(HORIZON_DAYS) - middle) / scale, free) + 1e-9
    came = np.log(p.returning) + density - np.log(within)
    waits = np.log(1 - p.returning * (1 - _survival(t, free)) / within + 1e-9)
    likelihood = np.where(gaps.closed, came, waits)
    return float(-likelihood[gaps.days >= 1].mean())


def _survival(t: Floats, free: Floats) -> Floats:
    """Student's t beyond a point, through Wallace's normal approximation."""
    z = np.sign(t) * np.sqrt(free * np.log1p(t * t / free)) * (8 * free + 1) / (8 * free + 3)
    return np.asarray(0.5 * _erfc(z / math.sqrt(2)))


def _packed(p: Parameters) -> Floats:
    return np.array(
        [
            math.log(p.k0),
            p.m0,
            math.log(p.a0),
            math.log(p.b0 / p.a0),
            math.log(p.rho / (1 - p.rho)),
            p.beta_q,
            p.beta_t,
            math.log(p.returning / (1 - p.returning)),
        ]
    )


def _unpacked(x: Floats, p: Parameters) -> Parameters:
    a0 = float(np.clip(np.exp(x[2]), 0.5, 50))
    return replace(
        p,
        k0=float(np.clip(np.exp(x[0]), 0.2, 30)),
        m0=float(x[1]),
        a0=a0,
        b0=a0 * float(np.exp(np.clip(x[3], -6, 3))),
        rho=float(np.clip(1 / (1 + np.exp(-x[4])), 0.6, 0.999)),
        beta_q=float(np.clip(x[5], 0.0, 1.0)),
        beta_t=float(x[6]),
        returning=float(np.clip(1 / (1 + np.exp(-x[7])), 0.05, 0.99)),
    )


def first_guess(ledger: Ledger, gaps: Gaps, *, category: str) -> Parameters:
    """Where the search starts: the category's plain averages. `typical_use`, by which a pile at
    home is thought to shrink, is one baby's of the first year where physics knows it."""
    logs = np.log(np.maximum(gaps.days[gaps.closed], 1.0))
    usual = np.minimum(ledger.content, np.quantile(ledger.content, 0.98))[gaps.closed]
    trips = np.log1p(ledger.trips_28d[~np.isnan(ledger.trips_28d)])
    kind = CATEGORIES.get(category)
    use = float(usual.sum() / gaps.days[gaps.closed].sum())
    if kind and kind.per_day:
        use = float(np.mean([kind.per_day(age) for age in range(365)]))
    return Parameters(
        k0=3.0,
        m0=float(logs.mean()),
        a0=3.0,
        b0=2.4 * float(logs.var()),
        rho=0.93,
        beta_q=0.2,
        c_q=float(np.median(np.log(np.maximum(ledger.content, LEAST_CONTENT)))),
        beta_t=-0.1,
        c_t=float(trips.mean()) if len(trips) else 0.0,
        typical_use=round(use, 3),
        returning=float(gaps.closed.mean()),
    )


SPREAD = np.array([0.5, np.inf, 0.5, np.inf, 1.0, np.inf, np.inf, np.inf])
"""How far a category may stray from all others, one standard deviation: its prior's weight `k0`,
the weight of its spread `a0` (both in the logarithm) and its forgetting `rho` (in the logit). A
few hundred purchases cannot tell these three by themselves."""


BETA_Q = 5  # its place among the packed


def fit(
    ledger: Ledger,
    *,
    category: str,
    until_day: int,
    among: Parameters | None = None,
    rounds: int = 400,
) -> Parameters:
    """The least surprising parameters for one category, from what was known on a day; `among` is
    the row of all categories together, near which the hard ones stay."""
    gaps = gaps_of(ledger, until_day=until_day)
    start = first_guess(ledger, gaps, category=category)
    anchor = None if among is None else _packed(among)

    def cost(x: Floats) -> float:
        stray = 0.0 if anchor is None else float((((x - anchor) / SPREAD) ** 2).sum()) / 2
        stray += 1e3 * min(float(x[BETA_Q]), 0.0) ** 2  # more bought never means sooner
        return surprise(ledger, gaps, _unpacked(x, start)) + stray / len(ledger)

    return _unpacked(downhill(cost, _packed(start), step=0.25, rounds=rounds), start)


def fit_any(ledger: Ledger, *, until_day: int, rounds: int = 400) -> Parameters:
    """The row for a category nobody has fitted: all categories as one, blind to content."""
    blind = replace(ledger, content=np.ones(len(ledger)))
    fitted = fit(blind, category="any", until_day=until_day, rounds=rounds)
    return replace(fitted, beta_q=0.0, c_q=0.0, typical_use=0.0)


def downhill(cost: Callable[[Floats], float], start: Floats, *, step: float, rounds: int) -> Floats:
    """Nelder and Mead's simplex: small, needs no gradient, enough for seven numbers."""
    simplex = [start] + [start + step * row for row in np.eye(len(start))]
    costs = [cost(x) for x in simplex]
    for _ in range(rounds):
        order = np.argsort(costs)
        simplex, costs = [simplex[i] for i in order], [costs[i] for i in order]
        if costs[-1] - costs[0] < 1e-7:
            break
        centre = np.mean(simplex[:-1], axis=0)
        mirrored = 2 * centre - simplex[-1]
        value = cost(mirrored)
        if value < costs[0]:
            further = 3 * centre - 2 * simplex[-1]
            reach = cost(further)
            simplex[-1], costs[-1] = (further, reach) if reach < value else (mirrored, value)
        elif value < costs[-2]:
            simplex[-1], costs[-1] = mirrored, value
        else:
            nearer = (centre + (mirrored if value < costs[-1] else simplex[-1])) / 2
            inside = cost(nearer)
            if inside < min(value, costs[-1]):
                simplex[-1], costs[-1] = nearer, inside
            else:
                simplex = [simplex[0]] + [(x + simplex[0]) / 2 for x in simplex[1:]]
                costs = [costs[0]] + [cost(x) for x in simplex[1:]]
    return simplex[int(np.argmin(costs))]
