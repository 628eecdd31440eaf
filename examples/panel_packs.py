"""What a pack of the Complete Journey panel holds, read off its size as an American till writes it."""

import re
from collections.abc import Callable

from warmline.goods.catalog.daily_use import G_PER_OZ, fl_oz_to_g

READY_TO_FEED_OZ = {8, 8.45, 32, 33.8, 48}
CONCENTRATE_OZ = 13  # diluted one to one
FED_PER_POWDER_OZ = 7.3
SACHET_FED_OZ = 4.0
# What a dollar at list price buys, where no size is recorded: medians over the packs that state one,
# of January to August, in the panel's units (formula: fluid ounces as fed).
PER_DOLLAR = {"formula": 7.25, "diapers": 3.58, "baby_food": 8.0, "wipes": 30.0}


def number(pattern: str, text: str) -> list[float]:
    """The numbers at N in a pattern, or none."""
    found = re.search(pattern.replace("N", r"(\d*\.?\d+)"), text)
    return [float(group) for group in found.groups()] if found else []


def packs_of_ounces(size: str) -> float | None:
    """`6 PK/8 OZ`, `2/4 OZ`."""
    found = number(r"N\s*PK\s*/?\s*N\s*OZ", size) or number(r"N/N\s*OZ", size)
    return found[0] * found[1] if found else None


def ounces(size: str) -> float | None:
    found = number(r"N\s*(?:FL )?OZ", size)
    return found[0] if found else None


def formula_as_fed(size: str) -> float | None:
    """Fluid ounces that a pack gives, however it is sold."""
    if said := number(r"N\s*REC OZ", size):
        return said[0]
    if bottles := packs_of_ounces(size):
        return bottles
    if sachets := number(r"N\s*(?:PK|CT)", size):
        return sachets[0] * SACHET_FED_OZ
    oz = ounces(size)
    if oz is None or oz in READY_TO_FEED_OZ:
        return oz
    return oz * 2 if oz == CONCENTRATE_OZ else oz * FED_PER_POWDER_OZ


def pieces(size: str) -> float | None:
    found = number(r"N\s*CT", size)
    return found[0] if found else None


def baby_food(size: str) -> float | None:
    return packs_of_ounces(size) or ounces(size)


READERS: dict[str, Callable[[str], float | None]] = {
    "formula": formula_as_fed,
    "diapers": pieces,
    "wipes": pieces,
    "baby_food": baby_food,
}


def in_our_unit(category: str, content: float) -> float:
    """Powder and jars in grams; pieces and sheets are counted anyway."""
    factors = {"formula": fl_oz_to_g(1.0), "baby_food": G_PER_OZ}
    return round(content * factors.get(category, 1.0), 1)


def category_of(kind: str, group: str) -> str:
    """What a shop for babies would call it; the rest of a supermarket is "other"."""
    if kind.startswith("INFANT FORMULA"):
        return "formula"
    if group == "BABY FOODS" and kind.startswith("BABY"):
        return "other" if kind in ("BABY JUICES", "BABY SPRING WATERS") else "baby_food"
    named = {"BABY DIAPERS": "diapers", "BABY WIPES": "wipes"}
    return named.get(kind, "other")


def content_of(category: str, size: str, *, price: float) -> float | None:
    """In our unit; where no size is recorded, what the price usually buys. None: not a consumable."""
    if category not in READERS:
        return None
    held = READERS[category](size.upper().strip()) or price * PER_DOLLAR[category]
    return in_our_unit(category, held) if held > 0 else None
