"""The desk's pictures of the docs, and a look at its pages when they are full: nothing is a barrier,
nothing wider than its screen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.first_steps import first_steps
from tests.journeys.shop import Shop, copy_of
from tests.journeys.test_screenshots import show
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
AFTERNOON = "2026-11-23T15:20:00+08:00"
Comes = Callable[..., Visitor]
ZH: dict[str, str] = {}
EN, DARK = {"language": "en-US"}, {"language": "en-US", "scheme": "dark"}


@pytest.fixture(scope="module")
def shop(chain: tuple[Path, dict[str, str]]) -> Iterator[Shop]:
    """A shop in the middle of an afternoon, with a desk of two months."""
    with copy_of(chain) as shop:
        shop.clock(AFTERNOON)
        shop.fill_desk()
        shop.open()
        yield shop


@pytest.fixture(scope="module")
def hq(shop: Shop, chromium: Browser) -> Iterator[Visitor]:
    visitor = Visitor(chromium, shop, at="desk")
    first_steps(visitor)
    yield visitor
    assert visitor.leave() == [], "said in the browser's console"


@pytest.mark.parametrize(("name", "how"), [("zh", ZH), ("en-dark", DARK)])
def test_the_inbox(comes: Comes, name: str, how: dict[str, str]) -> None:
    agent = comes("agent", at="desk", **how)
    agent.page.goto("/desk/")
    expect(agent.page.locator("[data-row]").first).to_be_visible()
    agent.look()
    show(agent.page, f"desk-inbox-{name}")


@pytest.mark.parametrize(("name", "how"), [("zh", ZH), ("en", EN)])
def test_a_case_and_what_the_family_sees_of_it(
    comes: Comes, name: str, how: dict[str, str]
) -> None:
    fang = comes("fang", at="desk", **how)
    page = fang.page
    page.goto("/desk/?state=feedback")
    page.get_by_role("link", name="罐口的封膜是翘的").click()
    expect(page.locator(".stamp[data-state=kept]")).to_have_count(3)
    fang.look()
    show(page, f"desk-case-{name}")
    theirs = page.locator("main > p.quiet a[href^='/s/']").get_attribute("href")

    family = comes(**how)
    family.page.goto(theirs or "")
    family.look()
    show(family.page, f"desk-progress-{name}")


@pytest.mark.parametrize(("name", "how"), [("zh", ZH), ("en", EN)])
def test_a_case_on_the_guides_phone(comes: Comes, name: str, how: dict[str, str]) -> None:
    lina = comes("lina", **how)
    page = lina.page
    page.goto("/cases/")
    lina.look()
    page.get_by_role("link", name="换了新奶粉两天").tap()
    expect(page.locator("#hotline")).to_be_visible()
    lina.look()
    show(page, f"desk-phone-{name}")


def test_the_stores_page_says_how_often_its_word_was_kept(comes: Comes) -> None:
    parent = comes()
    parent.page.goto("/store/CX/")
    expect(parent.page.locator("main")).to_contain_text("十月")
    parent.look()
    show(parent.page, "desk-store")


def test_head_office_reads_the_three_rates(hq: Visitor, chromium: Browser) -> None:
    page = hq.page
    page.goto("/hq/desk/")
    expect(page.locator("section.figures .figure").first).to_contain_text("%")
    hq.look()
    show(page, "desk-rates-zh")
    page.goto("/hq/desk/causes/?days=90")
    expect(page.locator("tbody tr").first).to_be_visible()
    hq.look()
    show(page, "desk-causes-zh")
    state = hq.context.storage_state()
    dark = chromium.new_context(
        base_url=hq.shop.address,
        viewport={"width": 1280, "height": 800},
        locale="en-US",
        color_scheme="dark",
        storage_state=state,
    )
    other = dark.new_page()
    other.goto("/hq/desk/")
    expect(other.locator("html")).to_have_attribute("lang", "en")
    show(other, "desk-rates-en-dark")
    dark.close()
