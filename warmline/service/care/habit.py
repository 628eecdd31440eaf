"""What one household's purchases of one consumable have taught us: a row of a few numbers.

The gaps between purchases are log-normal around the household's own habit; the row is the
normal-inverse-gamma posterior with forgetting, and starts at the category's prior. One purchase is
one `observe`, at a cost that does not grow with history. `replay` builds the same row from the
ledger, and so does `recompute` for a whole chain at once.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from warmline.service.care.parameters import Parameters

EPOCH = date(2015, 1, 1).toordinal()
HORIZON_DAYS = 60.0
LEAST_CONTENT = 1e-3
CONTENT_REACH = 2.0
"""A purchase counts as at most e^2 = 7.4 times a usual one, so that a typing error stays small."""


class HistoryNeeded(Exception):
    """A return undoes the last purchase: the row must be built again from the ledger (`replay`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One day's purchase of a consumable; a return has negative content and packs.

    `trips_28d` and `days_since_trip` describe the household's other shopping days before this one,
    of whatever; `discount` is the share of the listed price it did not pay. None: not known.
    """

    day: int
    content: float
    packs: float = 1.0
    trips_28d: float | None = None
    days_since_trip: float | None = None
    discount: float | None = None

    @classmethod
    def made_on(cls, on: date, *, content: float, packs: float = 1.0) -> "Purchase":
        return cls(day=to_day(on), content=content, packs=packs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """The state of one household x consumable. Store every field; none is derived from another.

    `n`, `s1` and `s2` are the forgetful count, sum and sum of squares of the log gaps less their
    offsets; `e1` is the same sum of the days on which those gaps opened: when the habit was seen.
    The rest is the purchase that is open now: its day, offset, content and packs, the pile thought
    to be at home after it, and what was bought in all.
    """

    purchases: int = 0
    n: float = 0.0
    s1: float = 0.0
    s2: float = 0.0
    e1: float = 0.0
    last_day: int = 0
    last_offset: float = 0.0
    last_content: float = 0.0
    last_packs: float = 0.0
    last_trips: float | None = None
    last_discount: float | None = None
    pile: float = 0.0
    bought: float = 0.0

    @property
    def last_on(self) -> date:
        return to_date(self.last_day)

    @property
    def gaps(self) -> int:
        """Intervals seen, whatever is forgotten of them."""
        return max(self.purchases - 1, 0)

    @property
    def seen_day(self) -> float:
        """The day the habit speaks of: the mean opening day of the gaps it remembers."""
        return self.e1 / self.n if self.n > 0 else float(self.last_day)


NO_HABIT = Habit()


def to_day(on: date) -> int:
    return on.toordinal() - EPOCH


def to_date(day: float) -> date:
    return date.fromordinal(EPOCH + math.floor(day))


def offset_of(purchase_content: float, trips: float | None, parameters: Parameters) -> float:
    """How much longer or shorter than the habit the gap after such a purchase tends to be."""
    more = math.log(max(purchase_content, LEAST_CONTENT)) - parameters.c_q
    offset = parameters.beta_q * min(max(more, -CONTENT_REACH), CONTENT_REACH)
    if trips is not None:
        offset += parameters.beta_t * (math.log1p(trips) - parameters.c_t)
    return offset


def observe(habit: Habit, purchase: Purchase, *, parameters: Parameters) -> Habit:
    """The row after one more purchase or return; purchases come in the order of their days."""
    if purchase.content < 0:
        return _give_back(habit, purchase, parameters=parameters)
    if habit.purchases == 0:
        return _open(habit, purchase, parameters=parameters)
    if purchase.day < habit.last_day:
        raise HistoryNeeded("a purchase of an earlier day")
    if purchase.day == habit.last_day:
        return _same_day(habit, purchase, parameters=parameters)
    gap = min(float(purchase.day - habit.last_day), HORIZON_DAYS)
    z = math.log(gap) - habit.last_offset
    rho = parameters.rho
    return _open(
        habit,
        purchase,
        learned=(
            rho * habit.n + 1.0,
            rho * habit.s1 + z,
            rho * habit.s2 + z * z,
            rho * habit.e1 + habit.last_day,
        ),
        parameters=parameters,
    )


def _open(
    habit: Habit,
    purchase: Purchase,
    *,
    learned: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0),
    parameters: Parameters,
) -> Habit:
    """The gap after this purchase opens."""
    used = parameters.typical_use * (purchase.day - habit.last_day)
    left = max(habit.pile - used, 0.0) if habit.purchases else 0.0
    n, s1, s2, e1 = learned
    return Habit(
        purchases=habit.purchases + 1,
        n=n,
        s1=s1,
        s2=s2,
        e1=e1,
        last_day=purchase.day,
        last_offset=offset_of(purchase.content, purchase.trips_28d, parameters),
        last_content=purchase.content,
        last_packs=purchase.packs,
        last_trips=purchase.trips_28d,
        last_discount=purchase.discount,
        pile=left + purchase.content,
        bought=habit.bought + purchase.content,
    )


def _same_day(habit: Habit, purchase: Purchase, *, parameters: Parameters) -> Habit:
    """More (or less) of the purchase that is open: no gap has closed."""
    content = habit.last_content + purchase.content
    return replace(
        habit,
        last_offset=offset_of(content, habit.last_trips, parameters),
        last_content=content,
        last_packs=max(habit.last_packs + purchase.packs, 0.0),
        pile=max(habit.pile + purchase.content, 0.0),
        bought=habit.bought + purchase.content,
    )


def _give_back(habit: Habit, purchase: Purchase, *, parameters: Parameters) -> Habit:
    """A return takes from the purchase that is open; what undoes it whole needs the ledger."""
    if habit.purchases == 0:
        return habit  # a return without its sale
    if habit.last_content + purchase.content <= LEAST_CONTENT:
        raise HistoryNeeded("the last purchase was returned whole")
    return _same_day(habit, purchase, parameters=parameters)


def net_of_returns(purchases: Iterable[Purchase]) -> list[Purchase]:
    """The ledger with one entry a day and every return taken from the latest purchase before it."""
    kept: list[Purchase] = []
    for purchase in purchases:
        if purchase.content < 0:
            _take_back(kept, content=-purchase.content, packs=-purchase.packs)
        elif kept and kept[-1].day == purchase.day:
            last = kept[-1]
            kept[-1] = replace(
                last, content=last.content + purchase.content, packs=last.packs + purchase.packs
            )
        else:
            kept.append(purchase)
    return kept


def _take_back(kept: list[Purchase], *, content: float, packs: float) -> None:
    while kept and content > 0:
        last = kept.pop()
        if last.content - content > LEAST_CONTENT:
            fewer = max(last.packs - packs, 0.0)
            kept.append(replace(last, content=last.content - content, packs=fewer))
            return
        content -= last.content
        packs -= last.packs


def replay(purchases: Iterable[Purchase], *, parameters: Parameters) -> Habit:
    """The row that the ledger says: for returns, corrections and sales that came late."""
    habit = NO_HABIT
    for purchase in net_of_returns(purchases):
        habit = observe(habit, purchase, parameters=parameters)
    return habit
