"""What is printed carries its typeface with it, where the system has a Chinese one."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from warmline.base import typeface

needs_a_typeface = pytest.mark.skipif(
    typeface.found() is None, reason="no Chinese typeface is installed here"
)


def printed(text):
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=0)
    canvas.setFont(typeface.with_signs([text]), 12)
    canvas.drawString(72, 700, text)
    canvas.save()
    return out.getvalue()


@needs_a_typeface
def test_a_page_carries_the_signs_that_it_shows():
    page = printed("服务台三率：春熙路店，㛃")
    assert b"/FontFile2" in page
    assert typeface.NAMED.encode() not in page
    assert len(page) < 60_000, "and no more than those"


@needs_a_typeface
def test_what_was_printed_before_needs_no_other_typeface():
    first = typeface.with_signs(["日落前答复"])
    assert typeface.with_signs(["日落", "前 1"]) == first
    assert typeface.with_signs(["龘"]) != first


def test_without_one_it_is_named_as_before(monkeypatch):
    monkeypatch.setattr(typeface, "found", lambda: None)
    monkeypatch.setattr(typeface, "_made", "")
    page = printed("服务台")
    assert typeface.NAMED.encode() in page
    assert b"/FontFile2" not in page
