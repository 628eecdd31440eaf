"""Tables that people bring: members, babies, products and sales, in whatever file they have."""

from warmline.base.sheets.faults import FAULTS
from warmline.base.sheets.heads import Head, Mapping, find_head, guess
from warmline.base.sheets.limits import Limits
from warmline.base.sheets.sheet import Pour, Row, Sheet, look
from warmline.base.sheets.unreadable import Unreadable

__all__ = [
    "FAULTS",
    "Head",
    "Limits",
    "Mapping",
    "Pour",
    "Row",
    "Sheet",
    "Unreadable",
    "find_head",
    "guess",
    "look",
]
