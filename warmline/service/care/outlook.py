"""When a household's habit alone lets us expect the next purchase, and whether it comes at all.

The next log gap has Student's t around the posterior of the habit (`standing`); of those who buy
again within 60 days the quantiles are exact. All of it is a few lines of arithmetic per purchase.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from warmline.service.care.habit import HORIZON_DAYS, Habit
from warmline.service.care.parameters import Parameters

NORMAL = NormalDist()
Z80 = 1.2815515655446004  # 10 % of a normal lie beyond it
SOON_DAYS = 7
LEAST_DAYS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Days after the last purchase until the next, if it comes within 60; and whether it comes."""

    p10: float
    p50: float
    p90: float
    p_return: float


def standing(habit: Habit, *, parameters: Parameters) -> tuple[float, float, float]:
    """Where the next log gap is expected, its scale, and its degrees of freedom."""
    k0, m0 = parameters.k0, parameters.m0
    kappa = k0 + habit.n
    m = (k0 * m0 + habit.s1) / kappa
    a = parameters.a0 + habit.n / 2
    b = parameters.b0 + (habit.s2 + k0 * m0 * m0 - kappa * m * m) / 2
    scale = math.sqrt(max(b, 1e-6) * (kappa + 1) / (a * kappa))
    return m + habit.last_offset, scale, 2 * a


def normal_of_t(t: float, free: float) -> float:
    """The normal deviate as rare as this one of Student's t (Wallace 1959, error below 0.002)."""
    stretch = (8 * free + 1) / (8 * free + 3)
    return math.copysign(stretch * math.sqrt(free * math.log1p(t * t / free)), t)


def t_of_normal(z: float, free: float) -> float:
    """The way back from `normal_of_t`."""
    stretch = (8 * free + 1) / (8 * free + 3)
    return math.copysign(math.sqrt(free * math.expm1(z * z / (stretch * stretch * free))), z)


def outlook(habit: Habit, *, parameters: Parameters) -> Outlook:
    """What habit alone expects after the last purchase, from the row alone."""
    middle, scale, free = standing(habit, parameters=parameters)
    within = NORMAL.cdf(normal_of_t((math.log(HORIZON_DAYS) - middle) / scale, free))
    p10, p50, p90 = (
        math.exp(middle + scale * t_of_normal(NORMAL.inv_cdf(max(p * within, 1e-9)), free))
        for p in (0.1, 0.5, 0.9)
    )
    return Outlook(p10=p10, p50=p50, p90=p90, p_return=parameters.returning)


def bought_by(expected: Outlook, days: float) -> float:
    """The chance that the next purchase has come by then, if it comes at all: a log-normal whose
    two sides have their own spread."""
    if days <= 0:
        return 0.0
    apart = math.log(days / expected.p50)
    late = math.log(expected.p90 / expected.p50)
    early = math.log(expected.p50 / expected.p10)
    return NORMAL.cdf(Z80 * apart / max(late if apart > 0 else early, 1e-9))


def p_soon(expected: Outlook, *, waited: float, within: float = SOON_DAYS) -> float:
    """The chance of a purchase within so many days, given that none has come yet."""
    before = expected.p_return * bought_by(expected, waited)
    then = expected.p_return * bought_by(expected, waited + within)
    return (then - before) / (1 - before) if before < 1 else 0.0
