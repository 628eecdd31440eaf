"""Numbers: money, quantities, counts, however they are dressed."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from warmline.base.sheets.cells.tidy import BadCell, half_width, is_nothing

CURRENCY = re.compile(r"[¥￥$]|rmb|cny|元", re.I)
PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,2})?", re.I)
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
MOST = Decimal(10) ** 12


def parse_number(text: str, *, places: int = 4) -> Decimal | None:
    """A decimal number, rounded to what a shop can mean by it."""
    said = half_width(text).replace("−", "-")
    if is_nothing(said):
        return None
    digits = CURRENCY.sub("", said).replace(" ", "")
    if bracketed := re.fullmatch(r"\((.+)\)", digits):
        digits = "-" + bracketed[1].lstrip("+")
    if trailing := re.fullmatch(r"([\d.,]+)-", digits):
        digits = "-" + trailing[1]
    if THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    if not PLAIN.fullmatch(digits):
        raise BadCell("number", _("This is not a number. Write it in digits, like 3 or 12.50."))
    return _rounded(digits, places)


def _rounded(digits: str, places: int) -> Decimal:
    try:
        number = Decimal(digits)
    except InvalidOperation as error:
        raise BadCell(
            "number", _("This is not a number. Write it in digits, like 3 or 12.50.")
        ) from error
    if abs(number) >= MOST:
        raise BadCell("number_too_big", _("This number is too big to be meant."))
    number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return number if number else abs(number)


def parse_money(text: str) -> Decimal | None:
    """Yuan, to the fen."""
    return parse_number(text, places=2)


def parse_quantity(text: str) -> Decimal | None:
    """How many or how much; weighed goods have grams."""
    return parse_number(text, places=3)


def parse_count(text: str) -> int | None:
    """A whole number: points, line numbers."""
    number = parse_number(text)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise BadCell("not_whole", _("A whole number is needed here."))
    return int(number)
