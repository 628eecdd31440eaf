"""A typeface for what is printed: taken from the system and put into the PDF, with no more than the signs
that are used. A PDF that only names its typeface shows empty boxes wherever that is not installed.

Any OpenType file will do; the outlines of Noto and Source Han are redrawn, as reportlab knows only the
other kind. Where the system has no Chinese typeface, the name of one stands in the PDF, as before.
"""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

NAMED = "STSong-Light"  # every reader of PDF knows it by name; not every one has it
FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
FILES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC-Regular.ttf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSansCN-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "STHeiti Light.ttc",
    "msyh.ttc",
    "simsun.ttc",
)
PLAIN = "".join(map(chr, range(32, 127)))
SMOOTH = 1.0  # how far an outline may be off when it is redrawn, of a thousand
MAY_NOT_BE_EMBEDDED = 0x0002  # what its maker says in the file

_lock, _numbers = Lock(), count(1)
_signs: set[str] = set()
_made = ""


def with_signs(texts: Iterable[str]) -> str:
    """The name of a typeface that has all signs of these texts, for reportlab's `setFont`."""
    global _made
    wanted = set(PLAIN).union(*texts)
    with _lock:
        if _made and wanted <= _signs:
            return _made
        file = found()
        if file is None:
            pdfmetrics.registerFont(UnicodeCIDFont(NAMED))
            return NAMED
        _signs.update(wanted)  # together with those of before, so that few are ever made
        _made = _registered(file, _signs)
        return _made


@cache
def found() -> Path | None:
    """The first Chinese typeface of this system that may be put into a document."""
    for folder in map(Path, FOLDERS):
        for name in FILES if folder.is_dir() else ():
            for file in folder.rglob(name):
                with _opened(file) as face:
                    said = getattr(face.get("OS/2"), "fsType", 0)
                if said & 0x000F != MAY_NOT_BE_EMBEDDED:
                    return file
    return None


@contextmanager
def _opened(file: Path) -> Iterator[Any]:
    """A file may hold several; the one for simplified Chinese, else its first."""
    from fontTools.ttLib import TTCollection, TTFont  # only when something is printed

    if file.suffix.lower() != ".ttc":
        with TTFont(file, lazy=True) as face:
            yield face
        return
    with TTCollection(str(file), lazy=True) as every:
        faces = every.fonts
        called = [str(face["name"].getDebugName(4)).split() for face in faces]
        named = zip(faces, called, strict=True)
        yield next((face for face, name in named if "SC" in name), faces[0])


def _registered(file: Path, signs: set[str]) -> str:
    from reportlab.pdfbase.ttfonts import TTFont

    name = f"printed-{next(_numbers)}"
    with _opened(file) as face:
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(_redrawn(face, signs))))
    return name


def _redrawn(face: Any, signs: set[str]) -> bytes:
    """A small typeface of these signs, in the curves of TrueType."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.filterPen import DecomposingFilterPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    known, drawn = face.getBestCmap(), face.getGlyphSet()
    called = {ord(sign): known[ord(sign)] for sign in sorted(signs) if ord(sign) in known}
    names = [".notdef", *dict.fromkeys(name for name in called.values() if name != ".notdef")]
    outlines, widths = {}, {}
    for name in names:
        pen = TTGlyphPen(None)
        curves = Cu2QuPen(pen, SMOOTH, reverse_direction=True)
        drawn[name].draw(DecomposingFilterPen(curves, drawn))
        outlines[name] = pen.glyph()
        widths[name] = (round(drawn[name].width), getattr(outlines[name], "xMin", 0))
    made = FontBuilder(face["head"].unitsPerEm, isTTF=True)
    made.setupGlyphOrder(names)
    made.setupCharacterMap(called)
    made.setupGlyf(outlines)
    made.setupHorizontalMetrics(widths)
    high, low = face["hhea"].ascent, face["hhea"].descent
    made.setupHorizontalHeader(ascent=high, descent=low)
    made.setupNameTable({"familyName": "Printed", "styleName": "Regular", "psName": "Printed"})
    made.setupOS2(sTypoAscender=high, sTypoDescender=low, usWinAscent=high, usWinDescent=-low)
    made.setupPost()
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
