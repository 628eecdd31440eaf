"""Labels: a sheet of codes as PDF, with what a phone, a till and a person read; lists for print shops.

The QR code is the Digital Link; the DataMatrix is the element string that hand scanners know.
`zint` draws both, and nothing else in the house draws codes.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from zint import InputMode, Symbol, Symbology

from warmline.base import typeface
from warmline.goods.trace import batches
from warmline.goods.trace.identity import inner
from warmline.goods.trace.identity.keys import Key, parse
from warmline.goods.trace.models import CodeBatch

COLUMNS, ROWS = 3, 8
WIDTH, HEIGHT = A4[0] / COLUMNS, A4[1] / ROWS
MARGIN, BESIDE = 5 * mm, 24 * mm  # no printer reaches the paper's edge
SIZE, LEADING = 6.5, 2.9 * mm
SHEET_MAX = 2_400


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says."""

    uri: str
    host: str
    lines: list[str]

    @property
    def key(self) -> Key:
        return parse(self.uri)

    @property
    def link(self) -> str:
        return self.host + self.uri.removeprefix("https://id.gs1.org")


def element_string(key: Key, *, lot: str = "", expires: str = "") -> str:
    """As hand scanners read it: `[01]…[17]…[21]…` for zint, which puts the separators in."""
    if key.kind == "sscc":
        return f"[00]{key.value}"
    said = f"[01]{key.value}"
    if expires:
        said += f"[17]{expires}"
    return said + f"[21]{key.qualifier}" + (f"[10]{lot}" if lot else "")


def sheet(batch: CodeBatch, *, host: str, first: int = 0, count: int = COLUMNS * ROWS) -> bytes:
    """A PDF of these labels, twenty-four a page."""
    labels = list(_labels(batch, host, first, min(count, SHEET_MAX)))
    font = typeface.with_signs(line for label in labels for line in label.lines)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1)
    canvas.setTitle(f"{batch.lot or ''} {batch.pk}")
    for n, label in enumerate(labels):
        place = n % (COLUMNS * ROWS)
        if n and not place:
            canvas.showPage()
        _draw(canvas, batch, label, place, font=font)
    canvas.save()
    return out.getvalue()


def _labels(batch: CodeBatch, host: str, first: int, count: int) -> Iterator[Label]:
    lot = batch.lot
    for _index, uri in batches.codes(batch, first=first, count=count):
        key = parse(uri)
        if key.kind == "sscc":
            lines = [f"(00) {key.value}"]
        else:
            serial = key.qualifier
            spoken = " ".join(serial[k : k + 5] for k in range(0, len(serial), 5))
            lines = [
                str(lot.product) if lot and lot.product else "",
                f"(01) {key.value}",
                f"(21) {spoken}",
            ]
        if lot:
            until = f"  {lot.expires_on:%Y-%m-%d}" if lot.expires_on else ""
            lines.append(f"(10) {lot.number}{until}")
        yield Label(uri, host.rstrip("/"), [line for line in lines if line])


def _draw(canvas: Canvas, batch: CodeBatch, label: Label, place: int, *, font: str) -> None:
    x = (place % COLUMNS) * WIDTH + MARGIN
    top = A4[1] - (place // COLUMNS) * HEIGHT - MARGIN
    _draw_symbol(canvas, _qr(label.link), x, top, 20 * mm)
    expires = f"{batch.lot.expires_on:%y%m%d}" if batch.lot and batch.lot.expires_on else ""
    lot = batch.lot.number if batch.lot else ""
    said = element_string(label.key, lot=lot, expires=expires)
    _draw_symbol(canvas, _matrix(said), x + BESIDE, top, 12 * mm)
    canvas.setFont(font, SIZE)
    for n, line in enumerate(label.lines):
        canvas.drawString(x + BESIDE, top - 16 * mm - n * LEADING, _fitting(line, font))


def _fitting(line: str, font: str) -> str:
    """As much of it as the label is wide."""
    while pdfmetrics.stringWidth(line, font, SIZE) > WIDTH - BESIDE - MARGIN - 1 * mm:
        line = line[:-1]
    return line


def _qr(link: str) -> Symbol:
    symbol = Symbol()
    symbol.symbology = Symbology.QRCODE
    symbol.option_1 = 2  # level M
    return _encoded(symbol, link)


def _matrix(said: str) -> Symbol:
    symbol = Symbol()
    symbol.symbology = Symbology.DATAMATRIX
    symbol.input_mode = InputMode.GS1
    return _encoded(symbol, said)


def _encoded(symbol: Symbol, text: str) -> Symbol:
    symbol.encode(text)
    symbol.buffer_vector()
    return symbol


def _draw_symbol(canvas: Canvas, symbol: Symbol, x: float, top: float, size: float) -> None:
    vector = symbol.vector
    scale = size / max(vector.width, vector.height)
    path = canvas.beginPath()
    for box in vector.rectangles:
        path.rect(
            x + box.x * scale,
            top - (box.y + box.height) * scale,
            box.width * scale,
            box.height * scale,
        )
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)


def code_list(batch: CodeBatch, *, host: str) -> Iterator[tuple[str, str]]:
    """For the print shop: the outer code's link and the inner code of each, in production order.

    Pallets and cases have no inner code.
    """
    base = host.rstrip("/")
    for index, uri in batches.codes(batch):
        under = inner.write(batch.base | index) if batch.level == CodeBatch.Level.UNIT else ""
        yield base + uri.removeprefix("https://id.gs1.org"), under


def lid_link(link: str, under: str) -> str:
    """What may be printed under the lid as a code: the tin's page with the inner code filled in."""
    return f"{link}?lid={under}" if under else ""
