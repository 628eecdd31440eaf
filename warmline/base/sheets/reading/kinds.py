"""What sort of file it is, by its first bytes: a name proves nothing."""

import re
from typing import BinaryIO

from warmline.base.sheets.unreadable import Unreadable

OLE = bytes.fromhex("D0CF11E0A1B11AE1")
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
ARCHIVES = (b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"BZh", b"\xfd7zXZ\x00")
NO_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x7fELF", b"MZ\x90")
BIFF_BEFORE_5 = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
MARKUP = re.compile(rb"<(?:html|table|head|body|meta|style|\?xml|workbook|!doctype|tr\b)", re.I)


def kind_of(file: BinaryIO) -> str:
    """One of: lines (delimited text), markup (a web page named .xls), zip, ole."""
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    if not start:
        raise Unreadable("empty")
    if start.startswith(ZIP):
        return "zip"
    if start.startswith(OLE):
        return "ole"
    if start.startswith(BIFF_BEFORE_5):
        raise Unreadable("old_excel")
    if start.startswith(ARCHIVES):
        raise Unreadable("archive")
    if start.startswith(NO_TABLES):
        raise Unreadable("not_a_table")
    opening = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return "markup" if MARKUP.match(opening) else "lines"
