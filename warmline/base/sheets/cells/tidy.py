"""What every cell goes through first, and how it says that it cannot be understood."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise as LazyText

# What tills, spreadsheets and people write where there is nothing.
NOTHING = frozenset(
    {
        "",
        "-",
        "--",
        "/",
        "\\n",
        "null",
        "none",
        "nan",
        "n/a",
        "无",
        "空",
        "暂无",
        "未填写",
        "(null)",
    }
)
EXCEL_ERRORS = frozenset(
    {"#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#num!", "#null!", "#spill!", "#####"}
)
AS_FORMULA = re.compile(r'="(.*)"', re.S)
ROUNDED = re.compile(r"([+-]?\d+(?:\.\d+)?)[eE]\+?(\d{1,3})")


class BadCell(ValueError):
    """A cell that cannot be taken as it is: `code` for programs, `sentence` for people."""

    def __init__(self, code: str, sentence: LazyText, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self._sentence = sentence

    @property
    def sentence(self) -> str:
        return str(self._sentence).format(**self.facts)


def tidy(text: str) -> str:
    """Without NULs, control letters, fixed-width padding, a leading ' and Excel's ="…" armour."""
    if text.isalnum() or not text:
        return text  # most cells: letters and digits alone
    text = _without_controls(text).strip().lstrip("\ufeff\u200b")
    if armoured := AS_FORMULA.fullmatch(text):
        text = armoured[1].strip()
    if text.startswith(("'", "‘", "’")) and not text.endswith("'"):
        text = text[1:].strip()
    return text


def half_width(text: str) -> str:
    """The tidied cell with full-width digits and marks as plain ones: for all but free text."""
    text = tidy(text)
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text).strip()
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)


def is_nothing(text: str) -> bool:
    return text.lower() in NOTHING


def _without_controls(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        " " if letter in "\t\r\n\xa0\u3000\u2028\u2029" else letter
        for letter in text
        if letter in "\t\r\n\xa0\u3000\u2028\u2029\u200d" or not _is_control(letter)
    )


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn")


def whole_digits(text: str, *, least: int) -> str | None:
    """The digits of a number that Excel wrote with an exponent or a point; None if some are lost.

    1.3800138E+10 says only eight digits of eleven: the rest is not zeros, it is forgotten.
    """
    if match := ROUNDED.fullmatch(text):
        said = len(match[1].lstrip("+-").replace(".", ""))
        if said < least:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            return None
        if number.adjusted() > 30 or number != number.to_integral_value():
            return None
        return format(number.to_integral_value(), "f")
    return re.sub(r"\.0+$", "", text) if re.fullmatch(r"\d+\.0+", text) else text
