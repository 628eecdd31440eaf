"""Workbooks are zip archives: look inside before anything is built from them."""

import zipfile
from typing import BinaryIO

from warmline.base.sheets.limits import Limits
from warmline.base.sheets.unreadable import Unreadable

PIECE = 1 << 18
NO_BOMB_BELOW = 4 * 1024 * 1024
DECLARATIONS = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le")
)
DECLARATIONS += tuple(word.encode("utf-16-be") for word in ("<!DOCTYPE", "<!ENTITY"))


def check_pack(file: BinaryIO, *, limits: Limits) -> str:
    """Refuse bombs, passwords and document types; say whether it is xlsx, xlsb or ods."""
    try:
        with zipfile.ZipFile(file) as pack:
            entries = pack.infolist()
            if len(entries) > limits.zip_entries:
                raise Unreadable("bomb")
            if any(entry.flag_bits & 1 for entry in entries):
                raise Unreadable("encrypted")
            kind = _workbook_kind({entry.filename for entry in entries})
            _unpack_all(pack, entries, limits)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Unreadable("damaged") from error
    except Exception as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("damaged") from error  # zlib.error, lzma.LZMAError: the packing is broken
    file.seek(0)
    return kind


def _workbook_kind(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise Unreadable("archive")


def _unpack_all(pack: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Count the bytes that really come out: what an archive says about itself may be a lie."""
    total = 0
    for entry in entries:
        size = 0
        with pack.open(entry) as part:
            before = b""
            while piece := part.read(PIECE):
                size += len(piece)
                total += len(piece)
                _check_swelling(entry, size=size, total=total, limits=limits)
                _check_declarations(entry.filename, before + piece)
                before = piece[-32:]


def _check_swelling(entry: zipfile.ZipInfo, *, size: int, total: int, limits: Limits) -> None:
    if total > limits.unpacked_bytes:
        raise Unreadable("bomb")
    if size > NO_BOMB_BELOW and size > limits.ratio * max(entry.compress_size, 1):
        raise Unreadable("bomb")


def _check_declarations(name: str, piece: bytes) -> None:
    if not name.endswith((".xml", ".rels", ".vml")):
        return
    if any(word in piece for word in DECLARATIONS):
        raise Unreadable("doctype")
