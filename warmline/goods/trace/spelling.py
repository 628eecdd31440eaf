"""A code however somebody gives it: scanned, typed from the label, or as the short link on a tin."""

import re

from warmline.goods.trace.identity.keys import BadKey, sgtin
from warmline.goods.trace.identity.scanned import Read, read
from warmline.goods.trace.identity.serials import LETTERS
from warmline.goods.trace.looking import of_short_code

_SHORT = re.compile(rf"(?:https?://[^/]+/t/)?([0-9A-Za-z]{{{LETTERS}}})/?")


def spelt(text: str) -> Read:
    """The thing that is meant; raises `BadKey` for what is no code at all."""
    said = text.strip()
    try:
        return read(said)
    except BadKey:
        short = _SHORT.fullmatch(said)
        known = of_short_code(short[1].upper()) if short else None
        if known is None:
            raise
    return Read(sgtin(*known), gtin=known[0], serial=known[1])
