"""Web pages named .xls, as many tills export them, and Excel's own XML of 2003."""

from collections.abc import Iterator
from html.parser import HTMLParser

from warmline.base.sheets.limits import Limits
from warmline.base.sheets.unreadable import Unreadable

ROWS = {"tr", "row"}
CELLS = {"td", "th", "cell"}
Attrs = list[tuple[str, str | None]]


class TableReader(HTMLParser):
    """Collects rows; a cell that spans several columns fills only its first."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.limits = limits
        self.rows: list[tuple[int, list[str]]] = []
        self.no = 0
        self._row: list[str] | None = None
        self._words: list[str] | None = None
        self._span = 1
        self._held: dict[int, int] = {}  # columns that a cell of an earlier row reaches into
        self._deaf = 0

    def handle_starttag(self, tag: str, attrs: Attrs) -> None:
        if tag in ("script", "style"):
            self._deaf += 1
        elif tag in ROWS:
            self._end_row()
            self._row = []
        elif tag in CELLS and self._row is not None:
            self._end_cell()
            self._start_cell(dict(attrs))
        elif tag in ("br", "p", "div") and self._words:
            self._words.append("\n")

    def handle_startendtag(self, tag: str, attrs: Attrs) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._deaf = max(0, self._deaf - 1)
        elif tag in CELLS:
            self._end_cell()
        elif tag in ROWS or tag in ("table", "worksheet"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._words is not None and not self._deaf:
            self._words.append(data)

    def _start_cell(self, attrs: dict[str, str | None]) -> None:
        assert self._row is not None
        while self._held.get(len(self._row), 0):
            self._held[len(self._row)] -= 1
            self._row.append("")
        ahead = _number(attrs.get("ss:index"), least=0) - 1 - len(self._row)
        self._row.extend([""] * max(0, min(ahead, self.limits.columns)))
        self._span = max(
            _number(attrs.get("colspan"), least=1),
            _number(attrs.get("ss:mergeacross"), least=0) + 1,
        )
        self._span = min(self._span, self.limits.columns)
        # Excel's XML says by ss:Index where the cells below a tall one go; HTML leaves it to us.
        if down := _number(attrs.get("rowspan"), least=1) - 1:
            for column in range(len(self._row), len(self._row) + self._span):
                self._held[column] = down
        self._words = []

    def _end_cell(self) -> None:
        if self._words is None or self._row is None:
            return
        text = " ".join("".join(self._words).replace("\xa0", " ").split())
        self._row.extend([text, *[""] * (self._span - 1)])
        self._words = None
        if len(self._row) > self.limits.columns:
            raise Unreadable("too_many_columns", {"most": self.limits.columns})

    def close(self) -> None:
        super().close()
        self._end_row()

    def _end_row(self) -> None:
        if self._row is None:
            return
        self._end_cell()
        self.no += 1
        self.rows.append((self.no, self._row))
        self._row = None


def _number(text: str | None, *, least: int) -> int:
    return max(least, int(text)) if text and text.isascii() and text.isdigit() else least


def rows_of(blocks: Iterator[bytes], *, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    reader = TableReader(limits)
    tail = b""
    for block in blocks:
        block = tail + block
        end = block.rfind(b">") + 1  # never in the middle of a letter
        tail = block[end:]
        reader.feed(block[:end].decode("utf-8", "replace"))
        yield from reader.rows
        reader.rows.clear()
    reader.feed(tail.decode("utf-8", "replace"))
    reader.close()
    yield from reader.rows
