"""Which letters a text file is written in. All of it is read: the Chinese may come last."""

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from warmline.base.sheets.unreadable import Unreadable

BLOCK = 1 << 17
BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


@dataclass
class Letters:
    """What one reading of the whole file showed."""

    encoding: str
    sha256: str
    lines: int
    old_mac: bool


def read_letters(file: BinaryIO) -> Letters:
    """Read it all once: digest, lines, and whether it is UTF-8, UTF-16 or GB18030."""
    digest, lines, returns, utf8 = hashlib.sha256(), 0, 0, True
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    start = file.read(BLOCK)
    wide = _utf16(start)
    block = start
    while block:
        digest.update(block)
        lines += block.count(b"\n")
        returns += block.count(b"\r")
        if utf8 and wide is None:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                utf8 = False
        block = file.read(BLOCK)
    if wide is None and utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            utf8 = False
    encoding = wide or ("utf-8-sig" if utf8 else _gb18030_or_nothing(file))
    old_mac = lines == 0 and returns > 0
    return Letters(encoding, digest.hexdigest(), max(lines, returns if old_mac else 0), old_mac)


def _utf16(start: bytes) -> str | None:
    for bom, encoding in BOMS.items():
        if start.startswith(bom):
            return encoding if bom != codecs.BOM_UTF8 else None
    ascii_pairs = len(start) // 2
    if ascii_pairs >= 4:
        # A tab, a newline or a digit in UTF-16 has a zero on one fixed side; stray NULs do not.
        if start[1::2].count(0) > ascii_pairs * 0.2 and start[::2].count(0) < ascii_pairs * 0.02:
            return "utf-16-le"
        if start[::2].count(0) > ascii_pairs * 0.2 and start[1::2].count(0) < ascii_pairs * 0.02:
            return "utf-16-be"
    return None


def _gb18030_or_nothing(file: BinaryIO) -> str:
    """GB18030 takes almost any bytes, so a few bad letters are borne and many are not."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("gb18030")("replace")
    bad = letters = 0
    while block := file.read(BLOCK):
        text = decoder.decode(block)
        bad += text.count("\ufffd")
        letters += len(text)
    file.seek(0)
    utf8 = codecs.getincrementaldecoder("utf-8")("replace")
    bad_utf8 = 0
    while block := file.read(BLOCK):
        bad_utf8 += utf8.decode(block).count("\ufffd")
    if min(bad, bad_utf8) > 20 + letters * 0.001:
        raise Unreadable("letters")
    return "gb18030" if bad <= bad_utf8 else "utf-8-sig"


def blocks(file: BinaryIO, *, encoding: str, old_mac: bool = False) -> Iterator[bytes]:
    """The file as UTF-8, a megabyte at a time; letters that cannot be read become U+FFFD."""
    file.seek(0)
    if encoding == "utf-8-sig":
        first = True
        while block := file.read(BLOCK):
            if first:
                block, first = block.removeprefix(codecs.BOM_UTF8), False
            yield block.replace(b"\r", b"\n") if old_mac else block
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    ended = False
    first = True
    while not ended:
        block = file.read(BLOCK)
        ended = not block
        text = decoder.decode(block, final=ended)
        if first and text:
            text, first = text.removeprefix("\ufeff"), False
        if text:
            # A lone surrogate (half a letter cut by a bad writer) must not stop the whole file.
            data = text.encode("utf-8", "replace")
            yield data.replace(b"\r", b"\n") if old_mac else data
