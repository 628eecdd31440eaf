"""A receipt as a till sends it, checked in one pass: `SaleIn` with its lines.

Money and quantities are decimal text ("170.50"); a JSON number is taken too where it is exact. They
stay text until PostgreSQL reads them, so that no cent is lost and none is computed here.
"""

import re
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from warmline.base.crypto import blind
from warmline.base.sheets.cells import BadCell, parse_phone

LINES_MAX = 200
MAINLAND = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
SOME = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
QUANTITY = r"^-?([1-9][0-9]{0,3}(\.[0-9]{1,3})?|0\.([1-9][0-9]{0,2}|0[1-9][0-9]?|00[1-9]))$"
MONEY = r"^-?[0-9]{1,8}(\.[0-9]{1,2})?$"


def _text(most: int, pattern: str = PRINTABLE) -> StringConstraints:
    return StringConstraints(max_length=most, pattern=pattern)


def _as_text_or_number(pattern: str, example: str) -> WithJsonSchema:
    shapes = [{"type": "string", "pattern": pattern}, {"type": "number"}]
    return WithJsonSchema({"anyOf": shapes, "examples": [example]}, mode="validation")


Quantity = Annotated[
    str,
    Field(coerce_numbers_to_str=True, pattern=QUANTITY),
    _as_text_or_number(QUANTITY, "2"),
]
Money = Annotated[
    str,
    Field(coerce_numbers_to_str=True, pattern=MONEY),
    _as_text_or_number(MONEY, "598.00"),
]


class LineIn(BaseModel):
    """One article on a receipt. A return is a negative quantity, with or without its sale."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, _text(40, SOME)] = Field(
        description="The chain's article number, or the bar code"
    )
    name: Annotated[str, _text(120)] = ""
    quantity: Quantity = Field(description="Not 0, within ±9999.999")
    amount: Money = Field(description="What was paid for the line")


class SaleIn(BaseModel):
    """One receipt. `document_no` is unique in its source: the same one again changes nothing."""

    model_config = ConfigDict(extra="forbid")

    document_no: Annotated[str, _text(60, SOME)]
    store: Annotated[str, _text(20, SOME)] = Field(description="The store's code")
    sold_at: datetime = Field(description="Without an offset it is the clock on the store's wall")
    member_no: Annotated[str, _text(40)] = ""
    phone: Annotated[str, _text(30)] = Field(
        "", description="Kept only as an index that cannot be read back"
    )
    guide: Annotated[str, _text(30)] = Field("", description="The code of whoever sold it")
    total: Money | None = Field(None, description="Default: the lines' sum")
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=LINES_MAX)]


def index_of(phone: str) -> bytes:
    """The blind index of a number however a till writes it; empty if it is none."""
    number = e164(phone)
    return blind(number) if number else b""


def e164(phone: str) -> str:
    """As a member's own number is kept; nearly all are mainland mobiles, and those take no time."""
    if mainland := MAINLAND.fullmatch(phone):
        return f"+86{mainland[1]}"
    try:
        return parse_phone(phone) or ""
    except BadCell:
        return ""
