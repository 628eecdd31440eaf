"""Delimited text: CSV of every make. Plain stretches go by the block, quoted ones row by row."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from warmline.base.sheets.reading.feed import CLOSING_LINE, CLOSING_MARKS, Feed
from warmline.base.sheets.unreadable import Unreadable

DELIMITERS = (",", "\t", ";", "|")
LONGEST_FIELD = 1_000_000
LONGEST_RECORD = 2_000_000
LONGEST_SAMPLED = 80_000
SAMPLE_ROWS = 60
BLANK_LINE = re.compile(b"\n[\t ]+\n")
csv.field_size_limit(LONGEST_FIELD)


def find_delimiter(text: str) -> str:
    """The one that cuts most of the first rows into the same number of cells, more than one."""
    opening = text[:16].lstrip("\ufeff").lower()
    if opening.startswith("sep=") and len(opening) > 4 and opening[4] in ",;|\t":
        return opening[4]

    def evenness(delimiter: str) -> tuple[float, int]:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            widths = [len(row) for row in islice(rows, SAMPLE_ROWS) if any(row)]
        except csv.Error:
            return (0.0, 0)
        wide = [width for width in widths if width > 1]
        if not wide:
            return (0.0, 0)
        usual = max(set(wide), key=lambda width: (wide.count(width), width))
        return (round(wide.count(usual) / len(widths), 1), usual)

    return max(DELIMITERS, key=evenness)


def sample_rows(start: bytes, *, delimiter: str, whole: bool) -> list[list[str]]:
    """The first rows, to find the heads in; the last one is left out when it may be cut."""
    text = start.decode("utf-8", "replace")
    rows: list[list[str]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = list(islice(reader, SAMPLE_ROWS + 1))
    except csv.Error as error:
        raise Unreadable("quotes", {"row": len(rows) + 1}) from error
    if not whole and 1 < len(rows) <= SAMPLE_ROWS:
        cut = rows.pop()
        if max(map(len, cut), default=0) > LONGEST_SAMPLED:
            raise Unreadable("quotes", {"row": len(rows) + 1})
    return rows[:SAMPLE_ROWS]


def whole_records(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks cut between two records: after a newline that no open quotation mark holds."""
    kept = b""
    for block in blocks:
        kept += block
        end = _last_safe_end(kept)
        if end == 0 and len(kept) > LONGEST_RECORD:
            # A stray quotation mark somewhere; the row reader knows what it means.
            end = kept.rfind(b"\n") + 1
            if end == 0:
                raise Unreadable("quotes", {"row": 1})
        if end:
            yield kept[:end]
            kept = kept[end:]
    if kept:
        yield kept


def _last_safe_end(data: bytes) -> int:
    end = data.rfind(b"\n") + 1
    open_quotes = data.count(b'"', 0, end) % 2
    while end and open_quotes:
        quote = data.rfind(b'"', 0, end)
        before = data.rfind(b"\n", 0, quote) + 1
        open_quotes = (open_quotes + data.count(b'"', before, end)) % 2
        end = before
    return end


def feed_lines(blocks: Iterator[bytes], feed: Feed, *, delimiter: str, skip: int) -> None:
    """Everything below the first `skip` records goes into the feed."""
    mark = delimiter.encode()
    no = 1
    for piece in whole_records(blocks):
        if skip >= no:
            no, piece = _after_heads(piece, no=no, skip=skip, delimiter=delimiter)
        if piece:
            no += _feed_piece(piece, feed, no=no, mark=mark)
    feed.flush()


def _after_heads(piece: bytes, *, no: int, skip: int, delimiter: str) -> tuple[int, bytes]:
    """Drop the records up to the heads. Titles and heads may hold newlines, so read them."""
    source = io.StringIO(piece.decode("utf-8", "replace"), newline="")
    reader = csv.reader(iter(source.readline, ""), delimiter=delimiter)
    for _row in reader:
        no += 1
        if no > skip:
            break
    return no, source.read().encode()


def _feed_piece(piece: bytes, feed: Feed, *, no: int, mark: bytes) -> int:
    tabbed = _plain(piece, feed, mark=mark)
    taken = feed.take_lines(no, tabbed) if tabbed is not None else 0
    return taken or _feed_with_care(piece, feed, no=no, delimiter=mark.decode())


def _plain(piece: bytes, feed: Feed, *, mark: bytes) -> bytes | None:
    """The piece with tabs between its cells, if no line in it needs a second look."""
    if b"\\" in piece or b"\x00" in piece or not piece.endswith(b"\n"):
        return None
    if mark != b"\t" and b"\t" in piece:
        return None
    if b"\r" in piece:
        piece = piece.replace(b"\r\n", b"\n")
    tabbed = _unquoted(piece, mark) if b'"' in piece else piece.replace(mark, b"\t")
    if tabbed is None or b"\r" in tabbed or not _is_clean(tabbed):
        return None
    tabbed = b"\n" + tabbed
    if b"\n\n" in tabbed:
        return None
    if any(word in tabbed for word in CLOSING_MARKS) and CLOSING_LINE.search(tabbed):
        return None
    if feed.heads[0] and b"\n" + feed.heads[0].encode() + b"\t" in tabbed:
        return None
    if b"\n\t" in tabbed and BLANK_LINE.search(tabbed):
        return None
    return tabbed[1:-1]


def _unquoted(piece: bytes, mark: bytes) -> bytes | None:
    """Take the quotation marks off, if each stands at the edge of a cell and holds one line.

    Split at the marks, every second part is inside of them: only the parts outside are cut
    into cells, so a comma inside stays a comma.
    """
    parts = piece.split(b'"')
    if len(parts) % 2 == 0:
        return None
    outside = parts[::2]
    between = set(outside[1:-1])
    edges = (mark, b"\n")
    if not all(part.startswith(edges) and part.endswith(edges) for part in between):
        return None
    if not outside[-1].startswith(edges) or not (outside[0] or mark).endswith(edges):
        return None
    inside = b"".join(parts[1::2])
    if b"\n" in inside or b"\t" in inside:
        return None
    parts[::2] = b'"'.join(outside).replace(mark, b"\t").split(b'"')
    return b"".join(parts)


def _is_clean(piece: bytes) -> bool:
    if piece.isascii():
        return True
    try:
        return "\ufffd" not in piece.decode()
    except UnicodeDecodeError:
        return False


def _feed_with_care(piece: bytes, feed: Feed, *, no: int, delimiter: str) -> int:
    text = piece.decode("utf-8", "replace")
    cut = not piece.endswith((b"\n", b"\r"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    seen = 0
    last: list[str] | None = None
    try:
        for cells in reader:
            if last is not None:
                feed.take(no + seen - 1, last)
            last = cells
            seen += 1
    except csv.Error as error:
        raise Unreadable("quotes", {"row": no + seen}) from error
    if last is not None:
        half = cut and 0 < len(last) < feed.width and feed.width > 1
        feed.take(no + seen - 1, last, fault="cut_off" if half else "")
    return seen
