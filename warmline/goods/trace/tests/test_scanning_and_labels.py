"""Readers in warehouses and shops, and the labels that they read."""

import base64
import re
import zlib
from collections import Counter
from datetime import timedelta

import pytest
import zxingcpp
from django.core.exceptions import ValidationError
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics

from warmline.base import typeface
from warmline.base.clock import now
from warmline.goods.trace import batches, journeys, knowing, labels, scanning
from warmline.goods.trace.identity import inner
from warmline.goods.trace.identity.scanned import read
from warmline.goods.trace.models import CodeBatch, Edge, Event, Party, Place
from warmline.goods.trace.scanning import What
from warmline.goods.trace.tests.conftest import gln, sscc

pytestmark = pytest.mark.django_db
HOST = "https://trace.example"


@pytest.fixture
def tins(lot):
    made = batches.plan(lot, size=30)
    batches.activate(made, upto=24, at=now() - timedelta(days=9))
    return [uri for _n, uri in batches.codes(CodeBatch.objects.get(pk=made.pk))]


@pytest.fixture
def shop():
    party = Party.objects.create(uri="https://id.gs1.org/417/6901234000023", name="经销商")
    return Place.objects.create(uri=gln(60), name="仓", party=party)


def test_what_was_scanned_is_taken_and_the_rest_is_set_aside_with_its_reason(tins, shop):
    printed = tins[0].replace("https://id.gs1.org", HOST.upper().replace("HTTPS", "HTTPS"))
    codes = [printed, tins[0], tins[1], "hello", "6901234567892", tins[29], tins[2]]
    tally = scanning.take_in(codes, what=What.RECEIVE, place=shop, key="list-1")
    assert tally.taken == tins[:3]
    assert [one.code for one in tally.aside] == [
        tins[0][:80],
        "hello",
        "6901234567892",
        tins[29][:80],
    ]
    assert all(one.reason for one in tally.aside)
    assert tally.tins == 3
    last = journeys.journey(knowing.unit_named(tins[0]))[-1]
    assert (last.step, last.place, last.party) == ("receiving", shop, shop.party)


def test_a_list_that_the_phone_sends_again_counts_once(tins, shop):
    for _n in range(2):
        tally = scanning.take_in(
            tins[:3], what=What.COUNT, place=shop, key="list-1", at=now().replace(microsecond=0)
        )
    assert tally.repeated == 1
    assert Event.objects.exclude(action=Event.Action.ADD).count() == 1


def test_a_case_is_packed_and_opened_by_its_code(tins, shop):
    scanning.take_in(tins[:6], what=What.PACK, into=sscc(5), place=shop, key="p")
    assert Edge.objects.filter(t_to__isnull=True).count() == 6
    received = scanning.take_in([sscc(5)], what=What.RECEIVE, place=shop, key="r")
    assert received.tins == 6
    scanning.take_in([sscc(5)], what=What.OPEN, place=shop, key="o")
    assert not Edge.objects.filter(t_to__isnull=True).exists()
    with pytest.raises(ValidationError):
        scanning.take_in(tins[:6], what=What.PACK, into="nothing", place=shop, key="q")


@pytest.mark.parametrize("codes", [[], ["x"] * 2_001])
def test_a_list_has_an_end(codes, shop):
    with pytest.raises(ValidationError):
        scanning.take_in(codes, what=What.COUNT, place=shop, key="k")


def test_one_code_at_a_time_says_why_it_beeps(tins):
    assert scanning.check(tins[0]) == (tins[0], None)
    assert scanning.check(tins[0], seen=[tins[0]])[1].reason
    assert scanning.check("nonsense")[1].reason


def symbol_of(symbol, scale=6, quiet=4):
    """The squares of a symbol as a camera sees them."""
    vector = symbol.vector
    unit = min(r.width for r in vector.rectangles)
    size = [round(v / unit) + 2 * quiet for v in (vector.width, vector.height)]
    picture = Image.new("L", (size[0] * scale, size[1] * scale), 255)
    for r in vector.rectangles:
        box = [round(v / unit) for v in (r.x, r.y, r.width, r.height)]
        left, top = (box[0] + quiet) * scale, (box[1] + quiet) * scale
        picture.paste(0, (left, top, left + box[2] * scale, top + box[3] * scale))
    return picture


def test_labels_are_read_back_as_they_were_meant(tins, lot):
    label = labels.Label(tins[0], HOST, [])
    (qr,) = zxingcpp.read_barcodes(symbol_of(labels._qr(label.link)))
    assert qr.text == label.link
    assert read(qr.text).uri == tins[0]
    said = labels.element_string(label.key, lot="L7", expires="280930")
    (matrix,) = zxingcpp.read_barcodes(symbol_of(labels._matrix(said)))
    found = read(matrix.bytes.decode())
    assert (found.uri, found.lot, str(found.expires_on)) == (tins[0], "L7", "2028-09-30")


def test_a_sheet_is_a_pdf_with_as_many_pages_as_it_takes(lot):
    batch = batches.plan(lot, size=60)
    pdf = labels.sheet(batch, host=HOST, count=30)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") == 2
    assert labels.sheet(batches.plan(lot, size=3, level="pallet"), host=HOST).startswith(b"%PDF")


DOTS = 300 / 72  # of a printer, to a point


def drawn(pdf):
    """What stands on the first page: black boxes, and where text begins; in points."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.S)
    pages = [
        one.strip() for one in streams if one.strip().endswith(b"~>")
    ]  # a typeface has no such end
    told = (zlib.decompress(base64.a85decode(one.removesuffix(b"~>"))) for one in pages)
    ops = next(one for one in told if b" re" in one)
    boxes = [
        tuple(map(float, b))
        for b in re.findall(rb"([\d.-]+) ([\d.-]+) ([\d.-]+) ([\d.-]+) re\b", ops)
    ]
    texts = [tuple(map(float, t)) for t in re.findall(rb"1 0 0 1 ([\d.-]+) ([\d.-]+) Tm", ops)]
    return boxes, texts


def printed(boxes):
    """The page as a printer of 300 dots to the inch puts it down."""
    picture = Image.new("L", [round(side * DOTS) for side in A4], 255)
    for x, y, width, height in boxes:
        left, top = round(x * DOTS), round((A4[1] - y - height) * DOTS)
        right, bottom = round((x + width) * DOTS), round((A4[1] - y) * DOTS)
        picture.paste(0, (left, top, right, bottom))
    return picture


def test_a_printed_sheet_is_read_whole_and_nothing_stands_at_the_papers_edge(lot):
    batch = batches.plan(lot, size=24)
    boxes, texts = drawn(labels.sheet(batch, host=HOST))
    read_ = zxingcpp.read_barcodes(printed(boxes))
    seen = Counter(read(one.bytes.decode()).uri for one in read_)
    assert seen == Counter({uri: 2 for _n, uri in batches.codes(batch)}), (
        "each as QR and DataMatrix"
    )
    edge = 4.2 * mm
    assert len(texts) == 24 * 4
    for x, y, width, height in [*boxes, *((x, y, 0, 0) for x, y in texts)]:
        assert edge <= x <= x + width <= A4[0] - edge
        assert edge <= y <= y + height <= A4[1] - edge


def test_a_long_name_ends_where_its_label_ends():
    name = "特别长的名字" * 12
    font = typeface.with_signs([name])
    shown = labels._fitting(name, font)
    room = labels.WIDTH - labels.BESIDE - labels.MARGIN
    assert room - 4 * mm < pdfmetrics.stringWidth(shown, font, labels.SIZE) < room


def test_the_print_shop_gets_each_code_with_what_stands_under_its_lid(lot):
    batch = batches.plan(lot, size=5)
    rows = list(labels.code_list(batch, host=HOST + "/"))
    assert len(rows) == 5
    link, under = rows[3]
    assert knowing.unit_named(read(link).uri) == inner.read(under) == batch.base + 3
