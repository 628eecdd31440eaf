"""Every table that leaves the house: CSV and Excel, streamed, and safe to open.

A cell that a spreadsheet would take for a formula is disarmed (G18). Text stays text, so that a
phone or a bar code survives being opened, mended and saved.
"""

import csv
import io
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO, Literal

import xlsxwriter
from django.utils.translation import gettext as _

from warmline.base.sheets.sheet import Row, Sheet

Value = str | int | float | Decimal | date | datetime | None
Format = Literal["csv", "xlsx"]

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = frozenset("=+-@\t\r\n\0")
PADDING = " \u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
CELL_MOST = 32_767
SHEET_ROWS_MOST = 1_048_575
BLOCK = 1 << 16


class TooManyRows(Exception):
    """An Excel sheet ends at row 1,048,576; CSV does not."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one row of a file that came in, in words for whoever mends it."""

    row: int
    column: str
    reason: str


def is_dangerous(text: str) -> bool:
    """Would a spreadsheet run this? Blanks before the sign and full-width signs do not help."""
    start = text.lstrip(PADDING)[:1]
    return bool(start) and (start in DANGEROUS or unicodedata.normalize("NFKC", start) in DANGEROUS)


def disarmed(text: str) -> str:
    """With an apostrophe in front when it is dangerous; our own reading takes it off again."""
    dangerous = is_dangerous(text)
    if not text.isprintable():
        text = "".join(c for c in text if c in "\t\n\r" or unicodedata.category(c) != "Cc")
    return "'" + text if dangerous else text


def write_table(
    out: BinaryIO,
    *,
    heads: Sequence[str],
    rows: Iterable[Sequence[Value]],
    form: Format,
) -> int:
    """Write it all to an open file; how many rows it had."""
    if form == "xlsx":
        return _write_xlsx(out, heads=heads, rows=rows)
    counted = _Counted(rows)
    for block in csv_blocks(heads=heads, rows=counted):
        out.write(block)
    return counted.count


def csv_blocks(*, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """CSV as Excel in China opens it rightly: UTF-8 with its mark. For streaming answers too."""
    text = io.StringIO()
    writer = csv.writer(text)  # noqa: TID251 - this is the one place
    text.write("\ufeff")
    writer.writerow([disarmed(head) for head in heads])
    for row in rows:
        writer.writerow([_as_csv(value) for value in row])
        if text.tell() >= BLOCK:
            yield text.getvalue().encode("utf-8", "replace")
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode("utf-8", "replace")


def write_fix_file(
    out: BinaryIO, *, sheet: Sheet, problems: Iterable[Problem], form: Format, whole: bool = False
) -> int:
    """The bad rows as they came, with what is wrong beside them: mend it and upload it again.

    The columns about problems say nothing when the file comes back. `whole` keeps the good rows.
    """
    by_row: Mapping[int, list[Problem]] = _by_row(problems)
    heads = [*sheet.names, _("Problem"), _("Problem column"), _("Problem row")]
    rows = (
        _with_problems(row, by_row.get(row.no, []))
        for row in sheet.rows()
        if whole or row.no in by_row
    )
    return write_table(out, heads=heads, rows=rows, form=form)


def _by_row(problems: Iterable[Problem]) -> Mapping[int, list[Problem]]:
    by_row: defaultdict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.row].append(problem)
    return by_row


def _with_problems(row: Row, problems: Sequence[Problem]) -> list[Value]:
    reasons = dict.fromkeys(problem.reason for problem in problems)
    columns = dict.fromkeys(problem.column for problem in problems if problem.column)
    where = str(row.no) if problems else ""
    return [*row.cells, " / ".join(reasons), " / ".join(columns), where]


def _as_csv(value: Value) -> str:
    if isinstance(value, str):
        return disarmed(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return "" if value is None else str(value)


def _write_xlsx(out: BinaryIO, *, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """Row by row in constant memory; every text cell is typed as text and stays it when edited."""
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    try:
        page = book.add_worksheet()
        text = book.add_format({"num_format": "@"})
        quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        page.freeze_panes(1, 0)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        head = book.add_format({"bold": True, "num_format": "@"})
        for column, name in enumerate(heads):
            page.write_string(0, column, _fitting(name), head)
        at = 0
        for at, row in enumerate(rows, 1):
            if at > SHEET_ROWS_MOST:
                raise TooManyRows
            for column, value in enumerate(row):
                if isinstance(value, int | float | Decimal) and math.isfinite(value):
                    page.write_number(at, column, value)
                elif value is not None and value != "":
                    words = value if isinstance(value, str) else _as_csv(value)
                    safe = quoted if is_dangerous(words) else text
                    page.write_string(at, column, _fitting(words), safe)
    finally:
        book.close()
    return at


def _fitting(text: str) -> str:
    """As much as a cell of Excel holds, without letters that its XML does not know."""
    if not text.isprintable():
        kept = (c for c in text if c in "\t\n" or unicodedata.category(c) not in ("Cc", "Cs"))
        text = "".join(kept)
    return text[:CELL_MOST]


class _Counted:
    """Rows on their way through, counted."""

    def __init__(self, rows: Iterable[Sequence[Value]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for row in self._rows:
            self.count += 1
            yield row
