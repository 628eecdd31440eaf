"""How long what is at home will last: babies, feeding, stock, and what is bought elsewhere.

What the till cannot know, a guide asks: stock at home and where else they buy are worth most.
"""

import math
from dataclasses import dataclass
from datetime import date

from warmline.goods.catalog.daily_use import (
    CATEGORIES,
    DAYS_PER_MONTH,
    STAGE_MONTHS,
    tin_life_days,
    used_until,
)

LONGEST_DAYS = 365.0
CLOSE_DAYS = 1e-3

SPREAD_ASKED = 0.12
SPREAD_MIXED = 0.35
SPREAD_UNKNOWN = 0.60
"""Spread of the log days around the physics: stock asked and feeding exclusive; mixed feeding;
stock unknown (MODEL 4.2: starting values, to be measured against the shop's own sales)."""
SPREAD_AGE_GUESSED = 0.40


@dataclass(frozen=True, kw_only=True)
class Baby:
    """One baby who uses the consumable. `formula_share` is 1 exclusive, about 0.5 mixed, 0.2 a
    top-up; since `feeding_changed_on` it is that, before it was `former_share`."""

    born_on: date | None = None  # the due date while unborn
    weight_ratio: float = 1.0
    formula_share: float | None = None
    feeding_changed_on: date | None = None
    former_share: float | None = None
    weaned: bool = False

    def share_on(self, on: date) -> float:
        """What part of its milk is formula on a day; one who is bought formula and of whom nobody
        asked more is taken to be fed it alone."""
        now = 1.0 if self.formula_share is None else self.formula_share
        if self.feeding_changed_on is not None and on < self.feeding_changed_on:
            return now if self.former_share is None else self.former_share
        return now

    def shares(self, on: date, *, days: float) -> list[tuple[float, float, float]]:
        """From when to when, in days after `on`, it was or will be fed which share."""
        changed = self.feeding_changed_on
        until = min((changed - on).days, days) if changed and changed > on else days
        parts = [(0.0, until, self.share_on(on))]
        if changed and until < days:
            parts.append((until, days, self.share_on(changed)))
        return parts


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What the family said was at home, opened or not, on a day. `bought_then` is the habit's
    `bought` when it was asked: what was bought since comes on top."""

    content: float
    asked_on: date
    bought_then: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Family:
    """What we were told about the family that the till cannot know."""

    babies: tuple[Baby, ...] = ()
    stock: Stock | None = None
    elsewhere_share: float | None = None  # part of its use bought in other shops
    stage: int | None = None  # of the last tin, when the birth date is unknown
    pack_content: float | None = None  # of one tin or pack, when packs are not counted

    @property
    def shop_share(self) -> float:
        """The part of its use this family buys here."""
        return 1.0 - min(max(self.elsewhere_share or 0.0, 0.0), 0.95)

    def stops(self, category: str) -> bool:
        """Every baby we know of is weaned: nobody is called about formula again."""
        kind = CATEGORIES.get(category)
        return bool(kind and kind.fed and self.babies and all(b.weaned for b in self.babies))


UNKNOWN_FAMILY = Family()


@dataclass(frozen=True, kw_only=True)
class Clock:
    """The physical clock: what runs down, from when, for how long, and how sure we are."""

    from_on: date
    supply: float
    per_day: float
    days: float
    spread: float
    stock_asked: bool


def eaters(family: Family, category: str, *, on: date) -> tuple[Baby, ...]:
    """The babies that use this category, with an age; when none is known, the tin's stage says."""
    kind = CATEGORIES.get(category)
    if kind is None or kind.per_day is None:
        return ()
    babies = family.babies
    if kind.fed:
        babies = tuple(baby for baby in babies if not baby.weaned)
    dated = tuple(baby for baby in babies if baby.born_on is not None)
    if dated or not kind.fed or family.stage not in STAGE_MONTHS:
        return dated
    low, high = STAGE_MONTHS[family.stage]
    born_on = date.fromordinal(on.toordinal() - round((low + min(high, 24)) / 2 * DAYS_PER_MONTH))
    share = babies[0].formula_share if babies else None
    return (Baby(born_on=born_on, formula_share=share),)


def used_between(babies: tuple[Baby, ...], category: str, *, on: date, days: float) -> float:
    """What these babies use together in the days from a day on."""
    fed = CATEGORIES[category].fed
    total = 0.0
    for baby in babies:
        assert baby.born_on is not None
        age = float((on - baby.born_on).days)
        if not fed:
            total += used_until(category, age + days) - used_until(category, age)
            continue
        for start, end, share in baby.shares(on, days=days):
            used = used_until(category, age + end) - used_until(category, age + start)
            total += used * baby.weight_ratio * share
    return total


def daily_use(family: Family, category: str, *, on: date) -> float | None:
    """What the family uses in a day, all babies together; None where physics has no say."""
    babies = eaters(family, category, on=on)
    return used_between(babies, category, on=on, days=1.0) if babies else None


def lasts(babies: tuple[Baby, ...], category: str, *, on: date, supply: float) -> float:
    """Days until the supply is used up, by false position: use is nearly even, so that a few steps
    do; the end that stands still is weighed half, so that it moves (Illinois)."""
    low, high, moved = 0.0, LONGEST_DAYS, 0
    lacking = -supply
    over = used_between(babies, category, on=on, days=high) - supply
    if over <= 0:
        return high
    days = high
    while high - low > CLOSE_DAYS:
        before, days = days, (low * over - high * lacking) / (over - lacking)
        if abs(days - before) < CLOSE_DAYS / 10:
            break
        left = used_between(babies, category, on=on, days=days) - supply
        if left > 0:
            lacking *= 0.5 if moved > 0 else 1.0
            high, over, moved = days, left, 1
        else:
            over *= 0.5 if moved < 0 else 1.0
            low, lacking, moved = days, left, -1
    return days


def _with_opened_life(days: float, *, category: str, supply: float, pack: float | None) -> float:
    """No tin lasts longer than it keeps once opened."""
    if not CATEGORIES[category].spoils or not pack or pack <= 0:
        return days
    return min(days, tin_life_days(pack) * max(supply / pack, 1.0))


def _spread(family: Family, category: str, *, guessed: bool, asked: bool) -> float:
    fed = CATEGORIES[category].fed
    mixed = fed and any(
        b.formula_share is not None and b.formula_share < 0.95
        for b in family.babies
        if not b.weaned
    )
    known = not fed or any(b.formula_share is not None for b in family.babies)
    spread = SPREAD_MIXED if mixed or not known else SPREAD_ASKED
    spread = spread if asked else SPREAD_UNKNOWN
    return math.hypot(spread, SPREAD_AGE_GUESSED) if guessed else spread


def clock(
    family: Family,
    category: str,
    *,
    bought_on: date,
    content: float,
    bought: float,
    pile: float,
    pack: float | None,
) -> Clock | None:
    """The physical clock after a purchase, from the stock the family told us of or else from the
    pile its purchases left. None where nobody's age is known or nothing is left to run down."""
    babies = eaters(family, category, on=bought_on)
    if not babies:
        return None
    stock, shop_share, from_on, old = family.stock, family.shop_share, bought_on, 0.0
    if stock is None:
        supply = max(content, pile)
    elif stock.asked_on >= bought_on:
        from_on, supply = stock.asked_on, stock.content + max(bought - stock.bought_then, 0.0)
    else:
        old = float((bought_on - stock.asked_on).days)
        used = used_between(babies, category, on=stock.asked_on, days=old) * shop_share
        before = max(bought - content - stock.bought_then, 0.0)
        supply = max(stock.content + before - used, 0.0) + content
    if supply <= 0:
        return None
    days = lasts(babies, category, on=from_on, supply=supply)
    days = _with_opened_life(days, category=category, supply=supply, pack=pack)
    days = min(days / shop_share, LONGEST_DAYS)  # the rest of what it uses comes from elsewhere
    guessed = not any(baby.born_on for baby in family.babies)
    spread = _spread(family, category, guessed=guessed, asked=stock is not None)
    if stock is not None:  # an answer grows old: what was used since is only reckoned
        aged = spread * math.hypot(1.0, old / days)
        spread = min(aged, max(spread, SPREAD_UNKNOWN))
    return Clock(
        from_on=from_on,
        supply=supply,
        per_day=used_between(babies, category, on=from_on, days=1.0),
        days=days,
        spread=spread,
        stock_asked=stock is not None,
    )
