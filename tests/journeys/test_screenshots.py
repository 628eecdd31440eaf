"""The pictures of the docs, taken from the product itself: `WARMLINE_SCREENSHOTS=1 bin/test …`.

Otherwise the same pages are opened, so that a picture cannot show what is no longer there.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.first_steps import first_steps
from tests.journeys.shop import ROOT, Shop
from tests.journeys.test_head_office import try_out
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
FOLDER = ROOT / "docs/screenshots"
TAKEN = os.environ.get("WARMLINE_SCREENSHOTS") == "1"
Comes = Callable[..., Visitor]


def show(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()
    if TAKEN:
        FOLDER.mkdir(exist_ok=True)
        page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


@pytest.fixture(scope="module")
def desk(shop: Shop, chromium: Browser) -> Iterator[Visitor]:
    visitor = Visitor(chromium, shop, at="desk")
    first_steps(visitor)
    yield visitor
    assert visitor.leave() == [], "said in the browser's console"


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("today-zh-light", {}),
        ("today-zh-dark", {"scheme": "dark"}),
        ("today-en-light", {"language": "en-US"}),
        ("today-en-dark", {"language": "en-US", "scheme": "dark"}),
    ],
)
def test_today(comes: Comes, name: str, how: dict[str, str]) -> None:
    page = comes("wanglin", **how).page
    expect(page.locator("article.card.call").first).to_be_visible()
    show(page, name)


def test_a_call(comes: Comes) -> None:
    page = comes("wanglin").page
    page.locator("article.card.call a[data-call]").first.tap()
    expect(page.get_by_role("dialog")).to_be_visible()
    show(page, "call")


def test_a_family(comes: Comes) -> None:
    page = comes("wanglin").page
    page.locator("article.card.call h2 a").first.tap()
    page.wait_for_url("**/families/*/")
    show(page, "family")
    forecast = page.locator("#forecasts article").first
    forecast.get_by_text("为什么是这一天？").tap()
    expect(forecast.locator("dl")).to_be_visible()
    if TAKEN:
        forecast.screenshot(path=FOLDER / "forecast.png", animations="disabled")


def test_families_and_signing_in(comes: Comes) -> None:
    visitor = comes()
    visitor.page.goto("/")
    show(visitor.page, "sign-in")
    visitor.sign_in("wanglin")
    visitor.page.goto("/families/")
    expect(visitor.page.locator("#found li a").first).to_be_visible()
    show(visitor.page, "families")


def test_head_office(desk: Visitor, tmp_path: Path) -> None:
    page = desk.page
    page.goto("/hq/")
    expect(page.locator("table").first).to_be_visible()
    show(page, "hq-home")
    page.goto("/hq/playbooks/")
    page.locator("table a").first.click()
    page.locator("button[name=preview]").click()
    expect(page.locator("#preview")).to_be_visible()
    show(page, "hq-playbook")
    export = tmp_path / "会员.csv"
    rows = [
        "会员姓名,手机号,宝宝生日,所属门店",
        "林晓,13800000001,2026-07-09,春熙路店",
        "陈雨,1.38E+10,2026-05-21,春熙路店",
        "吴倩,13800000003,2031-01-01,建设路店",
        "赵敏,13800000004,2026-03-15,没有这家店",
        "何晴,13800000005,2026-09-30,金牛万达店",
    ]
    export.write_bytes("\r\n".join(rows).encode("gb18030"))
    try_out(desk, page, export)
    show(page, "hq-import")
