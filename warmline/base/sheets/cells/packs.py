"""What is in a pack, read off its specification: 900g, 800g*6, NB84片, L 54片x4包."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from warmline.base.sheets.cells.tidy import half_width

Unit = Literal["g", "ml", "piece"]

UNITS: dict[str, tuple[Unit, Decimal]] = {
    "kg": ("g", Decimal(1000)),
    "千克": ("g", Decimal(1000)),
    "公斤": ("g", Decimal(1000)),
    "斤": ("g", Decimal(500)),
    "mg": ("g", Decimal("0.001")),
    "g": ("g", Decimal(1)),
    "克": ("g", Decimal(1)),
    "ml": ("ml", Decimal(1)),
    "毫升": ("ml", Decimal(1)),
    "l": ("ml", Decimal(1000)),
    "升": ("ml", Decimal(1000)),
    "片": ("piece", Decimal(1)),
    "抽": ("piece", Decimal(1)),
    "枚": ("piece", Decimal(1)),
    "粒": ("piece", Decimal(1)),
    "pcs": ("piece", Decimal(1)),
    "pieces": ("piece", Decimal(1)),
    "ct": ("piece", Decimal(1)),
    "count": ("piece", Decimal(1)),
}
BOXES = "罐|听|桶|盒|袋|包|条|瓶|支|箱|提|件|组|个|联"
NUMBER = r"\d{1,6}(?:\.\d{1,3})?"
UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
# A unit ends where its word ends; the x of "54片x4" is a times sign, not a letter.
LATIN = r"[a-wyz]|x[a-z]"
CONTENT = re.compile(
    rf"(?P<n>{NUMBER})(?:\+(?P<more>{NUMBER}))?\s*(?P<unit>{UNIT})(?!{LATIN})"
    rf"(?:\s*/\s*(?:{BOXES}))?(?:\s*[*x×]\s*(?P<times>\d{{1,3}})\s*(?:{BOXES}|入|连包)?(?![\d.]|{UNIT}))?"
)
TIMES_FIRST = re.compile(
    rf"(?<![\d.])(?P<times>\d{{1,3}})\s*(?:{BOXES})?\s*[*x×]\s*(?P<n>{NUMBER})\s*(?P<unit>{UNIT})(?!{LATIN})"
)
DIAPERS = re.compile(
    r"(?<![a-z])(?:nb|x{0,4}l|s|m)\s*-?\s*(?P<n>\d{1,3})(?:\s*[*x×]\s*(?P<times>\d{1,2}))?(?!\d|[a-z]|段|号|码|月|kg)"
)
MEANT_FOR = re.compile(
    rf"\d+(?:\.\d+)?\s*[-~至到]\s*\d+(?:\.\d+)?\s*(?:个?月|岁|周|{UNIT})|\d+\s*(?:kg|公斤|斤)\s*(?:以[上下]|\+)"
)


@dataclass(frozen=True)
class Pack:
    """So much of it in each, so many of them together."""

    content: Decimal
    unit: Unit
    packs: int = 1

    @property
    def total(self) -> Decimal:
        return self.content * self.packs


def parse_pack(text: str) -> Pack | None:
    """None when the text says nothing of content: many specifications only say 听."""
    said = MEANT_FOR.sub(" ", half_width(text).lower())
    for shape in (TIMES_FIRST, CONTENT):
        if match := shape.search(said):
            unit, factor = UNITS[match["unit"]]
            more = match.groupdict().get("more")
            content = (Decimal(match["n"]) + Decimal(more or 0)) * factor
            return _pack(content, unit, match["times"])
    if match := DIAPERS.search(said):
        return _pack(Decimal(match["n"]), "piece", match["times"])
    return None


def _pack(content: Decimal, unit: Unit, times: str | None) -> Pack | None:
    packs = int(times or 1)
    if content <= 0 or packs == 0:
        return None
    return Pack(content.normalize() + 0, unit, packs)
