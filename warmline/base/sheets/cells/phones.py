"""Phone numbers as people, tills and Excel write them. One module knows phonenumberslite."""

import re

import phonenumbers
from django.utils.translation import gettext_lazy as _

from warmline.base.sheets.cells.tidy import BadCell, half_width, is_nothing, whole_digits

HOME = "CN"
MOBILE = re.compile(r"1[3-9]\d{9}")
SEVERAL = re.compile(r"[,;/、，；|]|\s或\s?|\sor\s")
DUMMIES = re.compile(r"(\d)\1{6,}|1[3-9](\d)\2{8}|13800138000|12345678\d*")
# Service numbers that phonenumberslite does not know, or knows only as short codes.
SHORT_CODE = re.compile(r"1[0-2]\d|9[56]\d{3,4}|1[0-2]\d{3}|400\d{7}|800\d{7}")


def parse_phone(text: str, *, short_codes: bool = False) -> str | None:
    """The number as +8613…, or the bare digits of a service number where one is welcome."""
    said = half_width(text)
    if is_nothing(said) or set(said) <= {"0"}:
        return None
    digits = _digits(said.strip(" ,;/、，；"))
    if MOBILE.fullmatch(digits):
        return "+86" + digits
    if SHORT_CODE.fullmatch(digits):
        if short_codes:
            return digits
        raise BadCell("service_number", _("This is a service number, not a family's phone."))
    return _by_the_book(digits)


def is_dummy_phone(phone: str) -> bool:
    """Numbers typed to get past the till: 13888888888, 11111111111, 13800138000."""
    return DUMMIES.fullmatch(phone.removeprefix("+86")) is not None


def _digits(said: str) -> str:
    if "*" in said or re.search(r"\dx{2,}", said, re.I):
        raise BadCell(
            "masked", _("The middle of this number is hidden. Export it without masking.")
        )
    whole = whole_digits(said, least=11)
    if whole is None:
        raise BadCell(
            "rounded",
            _(
                "Excel has rounded this number and its last digits are lost. Set the column"
                " to text in the source, or export CSV, and upload again."
            ),
        )
    if SEVERAL.search(whole):
        raise BadCell("several", _("There is more than one number here; keep one."))
    digits = re.sub(r"[\s\-‐-―.()+]", "", whole.replace("(0)", ""))
    plus = whole.lstrip().startswith("+")
    digits = re.sub(r"^(?:00)?86(?=1[3-9]\d{9}$|0?[1-9]\d{8,})", "", digits)
    return "+" + digits if plus and not whole.lstrip("+ (").startswith("86") else digits


def _by_the_book(digits: str) -> str:
    try:
        number = phonenumbers.parse(digits, HOME)
    except phonenumbers.NumberParseException as error:
        raise BadCell("phone", _("This is not a phone number.")) from error
    if not phonenumbers.is_valid_number(number):
        if re.fullmatch(r"1\d{9}|1\d{11}", digits):
            raise BadCell(
                "phone_length", _("A mobile number has 11 digits; this has {n}."), n=len(digits)
            )
        raise BadCell("phone", _("This is not a phone number."))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
