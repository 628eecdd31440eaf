"""Workbooks of every make: xlsx, xls, xlsb, ods. Cells become the text a person would type."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
)

from warmline.base.sheets.limits import Limits
from warmline.base.sheets.reading.lines import SAMPLE_ROWS
from warmline.base.sheets.unreadable import Unreadable

ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
WORKBOOK_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book", "WORKBOOK"))
SHEETS_LOOKED_AT = 8

Rows = Iterator[tuple[int, list[str]]]


def check_ole(file: BinaryIO) -> None:
    """An OLE file may be an old workbook, a workbook with a password, or a letter in Word."""
    file.seek(0)
    data = file.read()
    file.seek(0)
    if ENCRYPTED_PACKAGE in data:
        raise Unreadable("encrypted")
    if not any(name in data for name in WORKBOOK_STREAMS):
        raise Unreadable("not_a_table")


def open_book(file: BinaryIO) -> CalamineWorkbook:
    file.seek(0)
    try:
        return CalamineWorkbook.from_filelike(file)
    except PasswordError as error:
        raise Unreadable("encrypted") from error
    except CalamineError as error:
        raise Unreadable("damaged") from error


def names_of(book: CalamineWorkbook) -> list[str]:
    """The sheets a person sees; hidden ones hold lists and formulas. All of them if none shows."""
    seen = [
        sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible
    ]
    return seen or list(book.sheet_names)


def sheet_of(book: CalamineWorkbook, name: str, *, limits: Limits) -> CalamineSheet:
    if name not in book.sheet_names:
        raise Unreadable("no_sheet")
    try:
        sheet = book.get_sheet_by_name(name)
    except CalamineError as error:
        raise Unreadable("damaged") from error
    start = sheet.start or (0, 0)
    # What is really there counts: the dimensions a workbook claims may be a lie. Rows are
    # counted as they are taken, for a lone space in row 1048576 is no reason to refuse a file.
    if sheet.width + start[1] > limits.columns:
        raise Unreadable("too_many_columns", {"most": limits.columns})
    return sheet


def rows_of(sheet: CalamineSheet) -> Rows:
    """Row numbers as Excel shows them, with the empty margin on the left kept."""
    if sheet.start is None:
        return
    margin = [""] * sheet.start[1]
    for no, row in enumerate(sheet.iter_rows(), 1):
        yield no, margin + [as_text(cell) for cell in row]


def sample_of(sheet: CalamineSheet) -> list[list[str]]:
    return [cells for _no, cells in islice(rows_of(sheet), SAMPLE_ROWS)]


def as_text(cell: Any) -> str:
    """What a person would read in the cell; whole numbers without a point, dates as ISO."""
    if type(cell) is str:
        return cell
    if type(cell) is float:
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else repr(cell)
    if type(cell) is bool:
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time.min
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, dt.timedelta):
        return str(cell)
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)
