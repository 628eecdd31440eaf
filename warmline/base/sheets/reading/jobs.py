"""The two jobs of the child: look at a file, and pour its rows out."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, BinaryIO

from warmline.base.sheets import heads
from warmline.base.sheets.limits import Limits
from warmline.base.sheets.reading import books, markup
from warmline.base.sheets.reading.coding import CodedFeed
from warmline.base.sheets.reading.feed import Feed
from warmline.base.sheets.reading.kinds import kind_of
from warmline.base.sheets.reading.letters import blocks, read_letters
from warmline.base.sheets.reading.lines import (
    SAMPLE_ROWS,
    feed_lines,
    find_delimiter,
    sample_rows,
)
from warmline.base.sheets.reading.packed import check_pack
from warmline.base.sheets.unreadable import Unreadable

OPENING = 1 << 18
CELL_SHOWN = 500
Found = dict[str, Any]


def look(file: BinaryIO, *, limits: Limits, sheet: str | None) -> Found:
    """What the file is and its first rows; nothing of it is believed yet."""
    kind = kind_of(file)
    letters = read_letters(file) if kind in ("lines", "markup") else None
    if letters is None:
        found = _look_at_book(file, kind, limits=limits, sheet=sheet)
    else:
        found = {"encoding": letters.encoding, "old_mac": letters.old_mac, "sheets": []}
        found |= {"sheet": "", "delimiter": "", "lines": letters.lines, "kind": kind}
        text = blocks(file, encoding=letters.encoding, old_mac=letters.old_mac)
        if kind == "markup":
            rows = islice(markup.rows_of(text, limits=limits), SAMPLE_ROWS)
            found["sample"] = [cells for _no, cells in rows]
        else:
            found |= _look_at_lines(text)
    if not any(cell.strip() for row in found["sample"] for cell in row):
        raise Unreadable("empty")
    if max(map(len, found["sample"])) > limits.columns:
        raise Unreadable("too_many_columns", {"most": limits.columns})
    found["sample"] = [[cell[:CELL_SHOWN] for cell in row] for row in found["sample"]]
    return found


def _look_at_lines(text: Iterator[bytes]) -> Found:
    start = b""
    whole = True
    for block in text:
        start += block
        if len(start) >= OPENING:
            whole = False
            start = start[:OPENING]
            break
    delimiter = find_delimiter(start.decode("utf-8", "replace"))
    sample = sample_rows(start, delimiter=delimiter, whole=whole)
    opening = "".join(cell[:200] for row in sample[:20] for cell in row)
    if sum(letter < "\t" for letter in opening) > len(opening) * 0.05:
        raise Unreadable("not_a_table")  # a program or a picture, whatever its name
    return {"delimiter": delimiter, "sample": sample}


def _look_at_book(file: BinaryIO, kind: str, *, limits: Limits, sheet: str | None) -> Found:
    kind = _check_book(file, kind, limits=limits)
    book = books.open_book(file)
    names = books.names_of(book)
    looked_at = [sheet] if sheet is not None else names[: books.SHEETS_LOOKED_AT]
    best: tuple[float, str, list[list[str]], int] | None = None
    for name in looked_at:
        page = books.sheet_of(book, name, limits=limits)
        sample = books.sample_of(page)
        score = heads.find_head(sample).score
        if sample and (best is None or score > best[0]):
            best = (score, name, sample, page.total_height)
    if best is None:
        raise Unreadable("empty")
    _score, name, sample, lines = best
    return {
        "kind": kind,
        "encoding": "",
        "old_mac": False,
        "delimiter": "",
        "sheets": names,
        "sheet": name,
        "lines": lines,
        "sample": sample,
    }


def _check_book(file: BinaryIO, kind: str, *, limits: Limits) -> str:
    if kind == "zip":
        return check_pack(file, limits=limits)
    books.check_ole(file)
    return "xls"


def pour(
    file: BinaryIO, job: dict[str, Any], *, limits: Limits, write: Callable[[bytes], Any]
) -> dict[str, int]:
    """Every row below the heads as COPY text; the tally is the last word."""
    said = {"heads": job["heads"], "columns": job["columns"], "limits": limits}
    parts = job.get("parts")
    feed = CodedFeed(write=write, parts=parts, **said) if parts else Feed(write=write, **said)
    kind = kind_of(file)
    if kind == "lines":
        text = blocks(file, encoding=job["encoding"], old_mac=job["old_mac"])
        delimiter = job["delimiter"]
        feed_lines(text, feed, delimiter=delimiter, skip=job["head_row"])
        return feed.tally.as_dict()
    if kind == "markup":
        text = blocks(file, encoding=job["encoding"], old_mac=job["old_mac"])
        rows = markup.rows_of(text, limits=limits)
    else:
        _check_book(file, kind, limits=limits)
        rows = books.rows_of(books.sheet_of(books.open_book(file), job["sheet"], limits=limits))
    for no, cells in rows:
        if no > job["head_row"]:
            feed.take(no, cells)
    feed.flush()
    return feed.tally.as_dict()
