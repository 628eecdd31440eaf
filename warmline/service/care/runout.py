"""When the last tin will be empty, how sure we are, why, and on which day to call.

    habit = observe(habit, purchase, parameters=parameters_of("formula"))  # every sale
    forecast("formula", habit, family, today=today())  # None: nothing to foresee

The habit of the household (`habit.py`) and the physical clock of its babies (`physics.py`) are
joined in the logarithm of days, each weighed by how sure it is (docs/forecast.md).
"""

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from warmline.service.care.habit import NO_HABIT, Habit, Purchase, observe, replay, to_date
from warmline.service.care.outlook import LEAST_DAYS, Z80, Outlook, outlook, p_soon
from warmline.service.care.parameters import Parameters, parameters_of
from warmline.service.care.physics import (
    UNKNOWN_FAMILY,
    Baby,
    Clock,
    Family,
    Stock,
    clock,
    daily_use,
)

__all__ = [
    "NO_HABIT",
    "Baby",
    "Family",
    "Forecast",
    "Habit",
    "Outlook",
    "Purchase",
    "Reasons",
    "Stock",
    "forecast",
    "observe",
    "outlook",
    "parameters_of",
    "replay",
]

LEAD_DAYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Why we think so, in numbers a guide can read out; content in the category's unit."""

    purchases: int
    content: float
    packs: float
    usual_days: float | None  # between purchases, by habit; None before the first interval
    per_day: float | None  # used by all babies together; None where physics has no say
    per_day_bought: float | None  # what the household buys in a day, by habit
    supply: float | None  # thought to be at home when the clock started
    stock_asked: bool
    shop_share: float
    physics_weight: float  # 0 all habit, 1 all physics
    habit_days: float | None
    physics_days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The run-out of one household x consumable; p10, p50 and p90 are days after `last_on`."""

    category: str
    last_on: date
    p10: float
    p50: float
    p90: float
    p_return: float
    p_soon: float  # buys within 7 days, given that it has not yet
    reasons: Reasons

    @property
    def p10_on(self) -> date:
        return self._after(self.p10).date()

    @property
    def p50_on(self) -> date:
        return self._after(self.p50).date()

    @property
    def p90_on(self) -> date:
        return self._after(self.p90).date()

    @property
    def call_on(self) -> date:
        """Three days before the run-out, at the earliest the day after the sale."""
        return self.last_on + timedelta(days=max(1, math.floor(self.p50 - LEAD_DAYS)))

    @property
    def width_days(self) -> float:
        """The narrower, the surer: what the morning list ranks by."""
        return self.p90 - self.p10

    def _after(self, days: float) -> datetime:
        return datetime.combine(self.last_on, time()) + timedelta(days=days)


def forecast(
    category: str,
    habit: Habit | None,
    family: Family = UNKNOWN_FAMILY,
    *,
    today: date,
    expected: Outlook | None = None,
) -> Forecast | None:
    """The forecast after the last purchase; `expected` is the night's outlook, when there is one.

    None when there is nothing to foresee: no purchase and no stock known, or every baby weaned.
    """
    habit = habit or NO_HABIT
    if family.stops(category):
        return None
    parameters = parameters_of(category)
    if not habit.purchases:
        return _from_stock_alone(category, family, parameters=parameters, today=today)
    by_habit = expected or outlook(habit, parameters=parameters)
    by_habit = _grown(by_habit, category, habit, family, parameters=parameters)
    ticking = _clock_of(category, habit, family)
    joined, weight = _join(by_habit, ticking, habit=habit)
    return _told(
        category,
        habit,
        family,
        joined,
        today=today,
        by_habit=by_habit,
        ticking=ticking,
        weight=weight,
    )


def _clock_of(category: str, habit: Habit, family: Family) -> Clock | None:
    pack = family.pack_content
    if habit.last_packs > 0 and habit.last_content > 0:
        pack = pack or habit.last_content / habit.last_packs
    return clock(
        family,
        category,
        bought_on=habit.last_on,
        content=habit.last_content,
        bought=habit.bought,
        pile=habit.pile,
        pack=pack,
    )


def _grown(
    expected: Outlook, category: str, habit: Habit, family: Family, *, parameters: Parameters
) -> Outlook:
    """The habit was seen when the baby was younger: stretch it by how the daily use has changed
    since, as far as the habit is this household's own."""
    if habit.n <= 0:
        return expected
    then = daily_use(family, category, on=to_date(habit.seen_day))
    now = daily_use(family, category, on=habit.last_on)
    if not then or not now:
        return expected
    stretch = (then / now) ** (habit.n / (parameters.k0 + habit.n))
    return replace(
        expected,
        p10=expected.p10 * stretch,
        p50=expected.p50 * stretch,
        p90=expected.p90 * stretch,
    )


def _join(by_habit: Outlook, ticking: Clock | None, *, habit: Habit) -> tuple[Outlook, float]:
    """Habit and physics in one, each weighed by its certainty. On the first tin there is no habit
    of this household yet, only the panel's; then physics speaks alone."""
    if ticking is None:
        return by_habit, 0.0
    runs_out = max(ticking.days + (ticking.from_on - habit.last_on).days, LEAST_DAYS)
    log_days, side = math.log(runs_out), Z80 * ticking.spread
    below = math.log(by_habit.p50 / by_habit.p10)
    above = math.log(by_habit.p90 / by_habit.p50)
    if habit.gaps == 0:
        weight, below, above = 1.0, side, side
    else:
        scale = (below + above) / (2 * Z80)
        weight = scale**2 / (scale**2 + ticking.spread**2)
        below = below * side / math.hypot(below, side)
        above = above * side / math.hypot(above, side)
    middle = weight * log_days + (1 - weight) * math.log(by_habit.p50)
    joined = replace(
        by_habit,
        p10=math.exp(middle - below),
        p50=math.exp(middle),
        p90=math.exp(middle + above),
    )
    return joined, weight


def _told(
    category: str,
    habit: Habit,
    family: Family,
    joined: Outlook,
    *,
    today: date,
    by_habit: Outlook | None,
    ticking: Clock | None,
    weight: float,
) -> Forecast:
    usual = by_habit.p50 if by_habit and habit.gaps else None
    return Forecast(
        category=category,
        last_on=habit.last_on,
        p10=joined.p10,
        p50=joined.p50,
        p90=joined.p90,
        p_return=joined.p_return,
        p_soon=p_soon(joined, waited=float((today - habit.last_on).days)),
        reasons=Reasons(
            purchases=habit.purchases,
            content=habit.last_content,
            packs=habit.last_packs,
            usual_days=usual,
            per_day=ticking.per_day if ticking else None,
            per_day_bought=habit.last_content / usual if usual else None,
            supply=ticking.supply if ticking else None,
            stock_asked=bool(ticking and ticking.stock_asked),
            shop_share=family.shop_share,
            physics_weight=weight,
            habit_days=by_habit.p50 if by_habit else None,
            physics_days=ticking.days if ticking else None,
        ),
    )


def _from_stock_alone(
    category: str, family: Family, *, parameters: Parameters, today: date
) -> Forecast | None:
    """Before the first purchase: a family that told us what is at home, a trial tin say."""
    if family.stock is None:
        return None
    asked_on = family.stock.asked_on
    ticking = clock(
        family,
        category,
        bought_on=asked_on,
        content=0.0,
        bought=family.stock.bought_then,
        pile=0.0,
        pack=family.pack_content,
    )
    if ticking is None:
        return None
    stretch = math.exp(Z80 * ticking.spread)
    days = max(ticking.days, LEAST_DAYS)
    joined = Outlook(
        p10=days / stretch, p50=days, p90=days * stretch, p_return=parameters.returning
    )
    as_if = replace(NO_HABIT, last_day=_day(asked_on))
    return _told(
        category, as_if, family, joined, today=today, by_habit=None, ticking=ticking, weight=1.0
    )


def _day(on: date) -> int:
    return on.toordinal() - to_date(0).toordinal()
