"""Rows of a file that repeats itself: each different part once, and rows that only point to them.

A till's file says the same receipt on ten lines and the same article on a thousand. So a row goes out
as `row number, fault, number of its first part, of its second …`, and each part when it is new. What
goes out is framed: a letter (`r` rows, `0` … the parts), how many bytes, a newline, the bytes.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import count, repeat
from typing import Any

from warmline.base.sheets.limits import Limits
from warmline.base.sheets.reading.feed import ESCAPES, Feed

MOST = 100_000  # remembered of a part; what comes again after so many others is new again


class Book(dict[bytes, int]):
    """What was said so far, numbered; what is new waits to be told."""

    def __init__(self) -> None:
        self.new: list[bytes] = []
        self._numbers = count()

    def __missing__(self, said: bytes) -> int:
        if len(self) >= MOST:
            self.clear()
        number = self[said] = next(self._numbers)
        self.new.append(said)
        return number


class CodedFeed(Feed):
    """A feed whose columns fall into parts of the given sizes."""

    def __init__(
        self,
        *,
        write: Callable[[bytes], Any],
        heads: Sequence[str],
        columns: Sequence[int | None],
        parts: Sequence[int],
        limits: Limits,
    ) -> None:
        super().__init__(write=write, heads=heads, columns=columns, limits=limits)
        self.whole = False
        ends = [sum(parts[: n + 1]) for n in range(len(parts))]
        self._spans = [slice(end - size, end) for size, end in zip(parts, ends, strict=True)]
        self._books = [Book() for _part in parts]
        self._pointing = b"\t%d" * len(parts) + b"\n"

    def line(self, no: int, fault: str, chosen: Sequence[str]) -> bytes:
        cells = [cell.translate(ESCAPES) for cell in chosen]
        numbers = tuple(
            book["\t".join(cells[span]).encode()]
            for book, span in zip(self._books, self._spans, strict=True)
        )
        return f"{no}\t{fault}".encode() + self._pointing % numbers

    def lines(self, first: int, tabbed: bytes) -> bytes:
        cells = tabbed.replace(b"\n", b"\t").split(b"\t")
        columns = [
            repeat(b"") if column is None else cells[column :: self.width]
            for column in self.columns
        ]
        many = len(cells) // self.width
        numbers = [
            list(map(book.__getitem__, _joined(columns[span], many)))
            for book, span in zip(self._books, self._spans, strict=True)
        ]
        row = b"%d\t" + self._pointing
        return b"".join(map(row.__mod__, zip(range(first, first + many), *numbers, strict=True)))

    def flush(self) -> None:
        for letter, book in zip("0123456789", self._books, strict=False):
            if book.new:
                self._frame(letter, b"\n".join(book.new) + b"\n")
                book.new = []
        if self._waiting:
            self._frame("r", b"".join(self._waiting))
            self._waiting, self._size = [], 0

    def _frame(self, letter: str, data: bytes) -> None:
        self.write(b"%s%d\n" % (letter.encode(), len(data)) + data)


def _joined(columns: Sequence[Any], many: int) -> Iterator[bytes]:
    """The cells of a part with tabs between them; a column that the file lacks is empty."""
    if all(isinstance(column, repeat) for column in columns):
        return iter([b"\t" * (len(columns) - 1)] * many)
    return map(b"\t".join, zip(*columns, strict=False))
