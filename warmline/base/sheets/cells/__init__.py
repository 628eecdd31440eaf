"""One cell: what was meant by it, or a sentence about why that cannot be known.

Every parser takes the text as it stands in the file and gives a value, None for an empty cell, or
raises BadCell.
"""

from warmline.base.sheets.cells.codes import Code, parse_code, parse_gtin
from warmline.base.sheets.cells.dates import from_serial, parse_date, parse_moment
from warmline.base.sheets.cells.dummies import is_dummy_card
from warmline.base.sheets.cells.numbers import (
    parse_count,
    parse_money,
    parse_number,
    parse_quantity,
)
from warmline.base.sheets.cells.packs import Pack, parse_pack
from warmline.base.sheets.cells.phones import is_dummy_phone, parse_phone
from warmline.base.sheets.cells.tidy import BadCell
from warmline.base.sheets.cells.words import parse_feeding, parse_sex, parse_text, parse_way

__all__ = [
    "BadCell",
    "Code",
    "Pack",
    "from_serial",
    "is_dummy_card",
    "is_dummy_phone",
    "parse_code",
    "parse_count",
    "parse_date",
    "parse_feeding",
    "parse_gtin",
    "parse_moment",
    "parse_money",
    "parse_number",
    "parse_pack",
    "parse_phone",
    "parse_quantity",
    "parse_sex",
    "parse_text",
    "parse_way",
]
