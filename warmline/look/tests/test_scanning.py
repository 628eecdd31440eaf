"""Codes are read by the camera, by a keyboard scanner, or typed in."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import qrcode
from playwright.sync_api import Browser, BrowserType, Page, expect
from qrcode.image.svg import SvgPathImage

from tests.browser import started

pytestmark = pytest.mark.journey

# How the digits 0 to 9 look in the left half, and how the left half says the first digit.
LEFT = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011"
PARITY = "LLLLLL LLGLGG LLGGLG LLGGGL LGLLGG LGGLLG LGGGLL LGLGLG LGLGGL LGGLGL"


def ean_13(digits: str) -> str:
    """The bars of an EAN-13 as an SVG, drawn from the standard's own table."""
    flip = str.maketrans("01", "10")
    bars = "101"
    for digit, kind in zip(digits[1:7], PARITY.split()[int(digits[0])], strict=True):
        code = LEFT.split()[int(digit)]
        bars += code if kind == "L" else code.translate(flip)[::-1]
    bars += "01010"
    for digit in digits[7:]:
        bars += LEFT.split()[int(digit)].translate(flip)
    bars += "101"
    drawn = "".join(
        f'<rect x="{x}" width="1" height="50"/>' for x, b in enumerate(bars) if b == "1"
    )
    return f'<svg viewBox="-12 -10 120 70" width="480">{drawn}</svg>'


def qr(text: str) -> str:
    out = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage).save(out)
    return out.getvalue().decode().split("?>", 1)[1].replace("<svg ", '<svg style="width:400px" ')


@pytest.fixture(params=[("6901234567892", ean_13), ("https://shop.example/t/A1024", qr)])
def code_in_view(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path
) -> tuple[str, Path]:
    """What the code says, and a film of it for Chromium's fake camera."""
    text, draw = request.param
    page = chromium.new_page(viewport={"width": 640, "height": 480})
    page.set_content(f"<body style='background:#fff;display:grid;place-items:center'>{draw(text)}")
    film = tmp_path / "camera.mjpeg"
    film.write_bytes(page.screenshot(type="jpeg", quality=90) * 3)
    page.close()
    return text, film


def test_the_camera_reads_a_tin_and_a_code_of_ours(
    code_in_view: tuple[str, Path], screens: str, browsers: BrowserType
) -> None:
    text, film = code_in_view
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    browser = started(browsers, *camera)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{screens}/scan/")
    expect(page.locator("#read")).to_have_text(text, timeout=15_000)
    browser.close()


@pytest.fixture
def page(chromium: Browser, screens: str) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{screens}/scan/", wait_until="networkidle")
    yield page
    page.close()


def test_without_a_camera_one_is_told_to_type(page: Page) -> None:
    expect(page.locator(".scan [role=status]")).to_contain_text("请手输号码")
    expect(page.get_by_label("条码或编号")).to_be_focused()
    page.keyboard.type("A1024")
    page.keyboard.press("Enter")
    expect(page.locator("#read")).to_have_text("A1024")


def test_a_keyboard_scanner_is_heard_wherever_one_stands_on_the_page(page: Page) -> None:
    page.get_by_label("条码或编号").evaluate("field => field.blur()")
    page.keyboard.type("6901234567892")
    page.keyboard.press("Enter")
    expect(page.locator("#read")).to_have_text("6901234567892")
