"""Masking: what stands on a page that a link opens names nobody by number or address."""

import re

DIGITS = re.compile(r"(?<![\d])(\+?86[- ]?)?(1\d{2})[- ]?(\d{4})[- ]?(\d{4})(?!\d)")
LONG = re.compile(r"(?<![\d])(\d{4})\d{5,}(\d{2})(?!\d)")
# It begins only where a word begins, or a page of dots and letters would be read again from each of them.
MAIL = re.compile(r"(?<![\w.+-])([\w.+-])[\w.+-]*@([\w-])[\w.-]*")


def masked(words: str) -> str:
    """Phone numbers, long numbers and e-mail addresses, but for a little that one knows one's own by."""
    words = DIGITS.sub(r"\2****\4", words)
    words = LONG.sub(r"\1****\2", words)
    return MAIL.sub(r"\1***@\2***", words)
