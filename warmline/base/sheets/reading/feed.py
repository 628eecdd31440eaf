"""Rows on their way out: PostgreSQL's COPY text, one line a row, `row number, fault, cells…`.

A fault is a word for what was wrong with the row as a row; what its cells mean is judged later.
Blank rows, totals at the foot and heads repeated on each printed page are left out and counted.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import repeat
from operator import itemgetter
from typing import Any

from warmline.base.sheets.limits import Limits
from warmline.base.sheets.unreadable import Unreadable

# A row whose first filled cell is one of these sums others up or closes the printed page.
CLOSING_WORDS = (
    "合计|总计|小计|汇总|本页合计|累计|总合计|合计金额|total|grand total|subtotal|sub total|sum"
)
CLOSING = re.compile(
    rf"(?:{CLOSING_WORDS})\s*[:：]?|[总共]?共\s*\d+\s*[条行笔人个].{{0,20}}"
    r"|(?:制表|导出|打印|制单|查询)(?:人|时间|日期)\s*[:：].{0,60}",
    re.I,
)
# The same, roughly, over a whole block of lines: whatever it finds is then looked at with care.
CLOSING_STARTS = f"{CLOSING_WORDS}|[总共]?共 *\\d|(?:制表|导出|打印|制单|查询)(?:人|时间|日期)"
CLOSING_LINE = re.compile(f"\n[\t ]*(?:{CLOSING_STARTS})".encode(), re.I)
# Only blocks that hold one of these bytes are looked at row by row for a closing row.
CLOSING_MARKS = tuple(
    w.encode() for w in ("计", "汇总", "共", "制表", "导出", "打印", "制单", "查询")
)
CLOSING_MARKS += (b"otal", b"OTAL", b"sum", b"SUM", b"Sum")
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": None})
FULL = 1 << 18


@dataclass
class Tally:
    """What was met on the way: for the sentence above the dry run."""

    rows: int = 0
    faulty: int = 0
    blank: int = 0
    totals: int = 0
    heads_again: int = 0
    short: int = 0
    last_row: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


@dataclass
class Feed:
    """Takes rows, gives COPY lines to `write`; `columns` picks cells, None leaves one empty."""

    write: Callable[[bytes], Any]
    heads: Sequence[str]
    columns: Sequence[int | None]
    limits: Limits
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.width = len(self.heads)
        self.whole = list(self.columns) == list(range(self.width))
        places = [self.width if column is None else column for column in self.columns]
        if len(places) == 1:
            only = places[0]
            self.pick: Callable[[Sequence[Any]], Sequence[Any]] = lambda cells: (cells[only],)
        else:
            self.pick = itemgetter(*places)
        self._again = [head.strip() for head in self.heads]
        self._waiting: list[bytes] = []
        self._size = 0

    def take(self, no: int, cells: list[str], *, fault: str = "") -> None:
        """One row, however odd it is."""
        text = "\t".join(cells)
        if not text or text.isspace():
            self.tally.blank += 1
            return
        if self._is_left_out(cells):
            return
        cells, fault = self._fit(cells, fault)
        if "\x00" in text:
            fault = fault or "nul"
        elif "\ufffd" in text:
            fault = fault or "letters"
        if len(text) > self.limits.cell_chars and max(map(len, cells)) > self.limits.cell_chars:
            cells = [cell[: self.limits.cell_chars] for cell in cells]
            fault = fault or "cell_too_long"
        if self.whole:
            chosen: Sequence[str] = cells
        else:
            cells.append("")
            chosen = self.pick(cells)
        self.tally.faulty += bool(fault)
        self._put(self.line(no, fault, chosen), rows=1, last=no)

    def line(self, no: int, fault: str, chosen: Sequence[str]) -> bytes:
        """One row as it goes out."""
        line = "\t".join(chosen)
        odd = "\\" in line or "\n" in line or "\r" in line or "\x00" in line
        if odd or line.count("\t") != len(chosen) - 1:
            line = "\t".join([cell.translate(ESCAPES) for cell in chosen])
        return f"{no}\t{fault}\t{line}\n".encode()

    def take_lines(self, first: int, tabbed: bytes) -> int:
        """Rows that need no care, all at once, tabs between cells; 0 if one does need care."""
        lines = tabbed.split(b"\n")
        if max(map(len, lines)) > self.limits.cell_chars:
            return 0
        if set(map(bytes.count, lines, repeat(b"\t"))) != {self.width - 1}:
            return 0
        self._put(self.lines(first, tabbed), rows=len(lines), last=first + len(lines) - 1)
        return len(lines)

    def lines(self, first: int, tabbed: bytes) -> bytes:
        """Rows without faults as they go out."""
        lines = tabbed.split(b"\n")
        numbers = map(b"%d\t".__mod__, range(first, first + len(lines)))
        if self.whole:
            out: Iterator[bytes] = map(b"\t".join, zip(numbers, lines, strict=True))
        else:
            out = self._picked(numbers, tabbed)
        return b"\n".join(out) + b"\n"

    def _picked(self, numbers: Iterator[bytes], tabbed: bytes) -> Iterator[bytes]:
        """Whole columns at a time: every width-th cell of the block is one column of it."""
        cells = tabbed.replace(b"\n", b"\t").split(b"\t")
        columns = [
            repeat(b"") if column is None else cells[column :: self.width]
            for column in self.columns
        ]
        return map(b"\t".join, zip(numbers, *columns, strict=False))

    def _is_left_out(self, cells: list[str]) -> bool:
        first = next(cell.strip() for cell in cells if cell.strip())
        if CLOSING.fullmatch(first.replace(" ", "").replace("\u3000", "")):
            self.tally.totals += 1
            return True
        if first in self._again and [cell.strip() for cell in cells[: self.width]] == self._again:
            self.tally.heads_again += 1
            return True
        return False

    def _fit(self, cells: list[str], fault: str) -> tuple[list[str], str]:
        if len(cells) > self.width:
            if any(cell.strip() for cell in cells[self.width :]):
                # All of it stays to be seen, in a last cell that nobody takes for a good one.
                *kept, last = cells[: self.width]
                return [*kept, " | ".join([last, *cells[self.width :]])], "too_many_cells"
            return cells[: self.width], fault
        if len(cells) < self.width:
            self.tally.short += 1
            return cells + [""] * (self.width - len(cells)), fault
        return list(cells), fault

    def _put(self, data: bytes, *, rows: int, last: int) -> None:
        self.tally.rows += rows
        self.tally.last_row = last
        if self.tally.rows > self.limits.rows:
            raise Unreadable("too_many_rows", {"most": self.limits.rows})
        self._waiting.append(data)
        self._size += len(data)
        if self._size >= FULL:
            self.flush()

    def flush(self) -> None:
        if self._waiting:
            self.write(b"".join(self._waiting))
            self._waiting, self._size = [], 0
