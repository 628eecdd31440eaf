"""Bar codes: which are known to the whole world, and which only to the shop."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from warmline.base.sheets.cells.tidy import BadCell, half_width, is_nothing, whole_digits

LENGTHS = (8, 12, 13, 14)
LONGEST_LOCAL = 40


@dataclass(frozen=True)
class Code:
    """What was written, and the GTIN-14 it means to the whole world, if any."""

    local: str
    gtin: str | None = None


def check_digit(digits: str) -> str:
    """Of all but the last digit, from the right: thrice, once, thrice, once."""
    total = sum(int(digit) * (3, 1)[at % 2] for at, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def is_valid(digits: str) -> bool:
    return len(digits) in LENGTHS and check_digit(digits[:-1]) == digits[-1]


def is_known(digits: str) -> bool:
    """A right check digit; one or two zeros that Excel dropped in front may be missing."""
    if not digits.strip("0"):
        return False
    return is_valid(digits) or (len(digits) in (10, 11) and is_valid(digits.zfill(12)))


def is_in_store(gtin: str) -> bool:
    """Numbers a shop prints for itself, such as weighed goods: 20-29, 02, 04, short 0 and 2."""
    if gtin.startswith("000000"):
        return gtin[6] in "02"
    return gtin[1] == "2" or gtin[1:3] in ("02", "04")


def parse_gtin(text: str) -> Code | None:
    """A cell of a column of bar codes: the check digit must be right, lost zeros come back."""
    digits = _digits(text)
    if digits is None:
        return None
    if not digits.isdigit():
        raise BadCell("not_a_barcode", _("A barcode has only digits."))
    if is_known(digits):
        gtin = digits.zfill(14)
        return Code(digits, None if is_in_store(gtin) else gtin)
    if len(digits) == 13 and digits.startswith("2"):
        return Code(digits)  # a scale printed it, with a check of its own
    if len(digits) in LENGTHS:
        raise BadCell("check_digit", _("The check digit is wrong: a digit is mistyped."))
    raise BadCell(
        "barcode_length", _("A barcode has 8, 12, 13 or 14 digits; this has {n}."), n=len(digits)
    )


def parse_code(text: str) -> Code | None:
    """A cell of item numbers: whatever the shop uses; a valid long bar code is known as one."""
    digits = _digits(text)
    if digits is None:
        return None
    if len(digits) > LONGEST_LOCAL:
        raise BadCell(
            "code_too_long", _("An item number has at most {n} letters."), n=LONGEST_LOCAL
        )
    if digits.isascii() and digits.isdigit() and len(digits) >= 12 and is_valid(digits):
        gtin = digits.zfill(14)
        return Code(digits, None if is_in_store(gtin) else gtin)
    return Code(digits)


def _digits(text: str) -> str | None:
    said = re.sub(r"\s+", "", half_width(text))
    if is_nothing(said):
        return None
    whole = whole_digits(said, least=12)
    if whole is None:
        raise BadCell(
            "rounded",
            _(
                "Excel has rounded this number and its last digits are lost. Set the column"
                " to text in the source, or export CSV, and upload again."
            ),
        )
    return whole
