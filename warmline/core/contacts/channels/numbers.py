"""Phone numbers as providers want them, and as they come back."""

import re

from warmline.core.contacts.channels import Reason, Refused

MAINLAND = re.compile(r"\+86(1[3-9][0-9]{9})")
ABROAD = re.compile(r"\+(?!86)([1-9][0-9]{6,14})")


def callable_number(to: str) -> str:
    """The number if it can take a short message; landlines, short codes and typos cannot."""
    if MAINLAND.fullmatch(to) or ABROAD.fullmatch(to):
        return to
    raise Refused("this is not a mobile number in +86… form", reason=Reason.RECIPIENT)


def without_plus(to: str) -> str:
    """As 阿里云 writes it: eleven digits at home, country code and number abroad."""
    number = callable_number(to)
    return number[3:] if number.startswith("+86") else number[1:]


def from_provider(number: str, *, country: str = "86") -> str:
    """Back into +86… form; an eleven-digit mobile without a country is from the mainland."""
    digits = re.sub(r"[^0-9]", "", number)
    if number.startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if country == "86" and len(digits) == 13 and digits.startswith("861"):
        return f"+{digits}"
    at_home = re.fullmatch(r"1[3-9][0-9]{9}", digits)
    return f"+{country}{digits}" if at_home or country != "86" else f"+{digits}"
