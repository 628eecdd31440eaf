"""How much a baby uses in a day, by age: the physics under every run-out date.

Each table is a starting prior and names its source; purchases correct it (`service/care`).
Content is counted in one unit per category: formula in grams of powder, diapers in pieces, wipes
in sheets. Tables give one value for a span of age; it stands at the middle of the span and the
days between are interpolated in a straight line.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

DAYS_PER_MONTH = 30.4375

ML_PER_FL_OZ = 29.5735
"""One US fluid ounce (NIST Handbook 44)."""

G_PER_OZ = 28.3495
"""One avoirdupois ounce (NIST Handbook 44)."""

ML_PER_LOAD = 46.2
"""Liquid detergent for a load: American bottles say 100 fl oz for 64 loads."""

G_PER_100_ML = 13.2
"""Powder for 100 ml as fed. GB 10765-2021 sets 250-295 kJ per 100 ml; at about 510 kcal in 100 g
of powder that is 12-14 g. Tins in the Complete Journey panel yield 7.3 fl oz an ounce: 13.1 g."""

OPENED_TIN_DAYS = 30.0
"""An opened tin keeps about a month (makers' labels, 900 g tins; half of it for 400 g tins)."""

SMALL_TIN_DAYS = 14.0
SMALL_TIN_G = 400.0

FORMULA_ML = (
    (0, 1, 550.0),
    (1, 2, 745.0),
    (2, 3, 880.0),
    (3, 4, 960.0),
    (4, 6, 950.0),
    (6, 7, 850.0),
    (7, 9, 750.0),
    (9, 12, 650.0),
    (12, 18, 500.0),
    (18, 24, 400.0),
    (24, 36, 350.0),
)
"""Formula a day in ml for a baby fed nothing else, by months of age (from, to, ml).

Months 1-5 are measured: 545, 744, 882, 962 and 951 ml (Baranowski & Wasowska-Krolikowska, 75
infants; J Pediatr Gastroenterol Nutr 5(3):434, 1986, 24 infants). Months 6-12 interpolate guidance
(AAP, healthychildren.org: at most about 950 ml; Chinese guidance 600-800 ml with solids). After 12
months they are weak: many families change to cow's milk (guidance 350-500 ml at 1-2 years).
"""

DIAPERS = (
    (0, 1, 10.0),
    (1, 3, 8.5),
    (3, 6, 7.0),
    (6, 12, 6.0),
    (12, 24, 5.5),
    (24, 36, 4.0),
)
"""Diapers a day by months of age. Parenting pages (bklmy, esvendo, ora, verybaby) that agree only
roughly: 8-12, 8-10, 6-8, 5-7, 5-6, 3-5 pieces; a spread of about 0.2 in the logarithm."""

WIPES_PER_DIAPER = 2.0
"""Sheets for one change. No published table was found: a house assumption with a wide spread."""

WEIGHT_KG = (
    # month, boys, girls
    (0, 3.35, 3.23),
    (1, 4.45, 4.17),
    (2, 5.57, 5.13),
    (3, 6.37, 5.84),
    (4, 7.01, 6.43),
    (5, 7.51, 6.90),
    (6, 7.94, 7.30),
    (7, 8.30, 7.64),
    (8, 8.62, 7.95),
    (9, 8.90, 8.23),
    (10, 9.16, 8.48),
    (11, 9.41, 8.72),
    (12, 9.65, 8.95),
    (15, 10.31, 9.60),
    (18, 10.94, 10.23),
    (21, 11.55, 10.85),
    (24, 12.15, 11.47),
    (30, 13.30, 12.70),
    (36, 14.34, 13.85),
)
"""Median weight in kg by months of age: WHO Child Growth Standards (2006), daily LMS table of the
WHO `anthro` package at 30.4375 days a month. One standard deviation is about 12-14 % of it."""

STAGE_MONTHS = {1: (0, 6), 2: (6, 12), 3: (12, 36)}
"""Months of age each formula stage is made for: GB 10765-2021 (stage 1), GB 10766-2021 (2) and
GB 10767-2021 (3), in force since 22 February 2023."""

Point = tuple[float, float]


def _at_middle(spans: tuple[tuple[int, int, float], ...]) -> tuple[Point, ...]:
    return tuple(((low + high) / 2 * DAYS_PER_MONTH, value) for low, high, value in spans)


_FORMULA_POINTS = _at_middle(FORMULA_ML)
_DIAPER_POINTS = _at_middle(DIAPERS)
_BOYS = tuple((month * DAYS_PER_MONTH, boys) for month, boys, _ in WEIGHT_KG)
_GIRLS = tuple((month * DAYS_PER_MONTH, girls) for month, _, girls in WEIGHT_KG)


def _between(points: tuple[Point, ...], age_days: float) -> float:
    """The straight line between two points of a table; the end values hold beyond its ends."""
    i = bisect_right(points, age_days, key=lambda point: point[0])
    if i == 0:
        return points[0][1]
    if i == len(points):
        return points[-1][1]
    (x0, y0), (x1, y1) = points[i - 1], points[i]
    return y0 + (y1 - y0) * (age_days - x0) / (x1 - x0)


def ml_to_g(ml: float) -> float:
    """Powder in so much formula as fed."""
    return ml * G_PER_100_ML / 100


def fl_oz_to_g(fl_oz: float) -> float:
    """Powder in so many US fluid ounces as fed: how American tins state their yield."""
    return ml_to_g(fl_oz * ML_PER_FL_OZ)


def formula_ml_per_day(age_days: float, *, weight_ratio: float = 1.0) -> float:
    """Formula a baby fed nothing else drinks in a day; nothing before birth."""
    if age_days < 0:
        return 0.0
    return _between(_FORMULA_POINTS, age_days) * weight_ratio


def formula_g_per_day(age_days: float, *, weight_ratio: float = 1.0) -> float:
    """Grams of powder a day; `weight_ratio` is the baby's weight over the median of its age."""
    return ml_to_g(formula_ml_per_day(age_days, weight_ratio=weight_ratio))


def diapers_per_day(age_days: float) -> float:
    """Diapers used in a day; nothing before birth."""
    return 0.0 if age_days < 0 else _between(_DIAPER_POINTS, age_days)


def wipes_per_day(age_days: float) -> float:
    """Sheets used in a day, counted by the diapers changed."""
    return WIPES_PER_DIAPER * diapers_per_day(age_days)


def median_weight_kg(age_days: float, *, girl: bool | None = None) -> float:
    """WHO median weight; the middle of boys and girls when we do not know."""
    boy_kg, girl_kg = _between(_BOYS, age_days), _between(_GIRLS, age_days)
    if girl is None:
        return (boy_kg + girl_kg) / 2
    return girl_kg if girl else boy_kg


def stage_at(age_days: float) -> int:
    """The formula stage made for this age."""
    months = age_days / DAYS_PER_MONTH
    return next((stage for stage, (_, end) in STAGE_MONTHS.items() if months < end), 3)


def tin_life_days(pack_g: float) -> float:
    """How long one opened tin keeps: the upper bound of the days a tin can last."""
    return SMALL_TIN_DAYS if pack_g <= SMALL_TIN_G else OPENED_TIN_DAYS


@dataclass(frozen=True, kw_only=True)
class Category:
    """A consumable whose run-out we foresee: its unit, and what a baby uses where that is known."""

    code: str
    unit: str
    per_day: Callable[[float], float] | None = None
    fed: bool = False  # shared with the breast, and stopped by weaning
    spoils: bool = False  # an opened pack has to be thrown away


CATEGORIES = {
    category.code: category
    for category in (
        Category(code="formula", unit="g", per_day=formula_g_per_day, fed=True, spoils=True),
        Category(code="diapers", unit="piece", per_day=diapers_per_day),
        Category(code="wipes", unit="sheet", per_day=wipes_per_day),
        Category(code="baby_food", unit="g"),
        Category(code="milk", unit="ml"),
        Category(code="coffee", unit="oz"),
        Category(code="bath_tissue", unit="sq ft"),
        Category(code="laundry", unit="ml"),
        Category(code="cat_food", unit="oz"),
    )
}
"""What a shop for babies sells, then the groceries of the Complete Journey panel (for the bench and
the example). `per_day` is None where no honest table exists: habit alone foresees those."""

OLDEST_DAYS = 4 * 365


@lru_cache(maxsize=32)
def _used_by_age(code: str) -> tuple[float, ...]:
    per_day = CATEGORIES[code].per_day
    assert per_day is not None
    midday = (per_day(day + 0.5) for day in range(OLDEST_DAYS))
    return tuple(accumulate(midday, initial=0.0))


def used_until(code: str, age_days: float) -> float:
    """Everything a baby has used from birth to this age: the integral of its daily use."""
    if age_days <= 0:
        return 0.0
    table = _used_by_age(code)
    whole = int(age_days)
    if whole >= OLDEST_DAYS:
        whole = OLDEST_DAYS - 1
    rate = table[whole + 1] - table[whole]  # the last day's rate holds beyond the table
    return table[whole] + rate * (age_days - whole)
