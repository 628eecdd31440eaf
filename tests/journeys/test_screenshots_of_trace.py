"""The pictures of trace in the docs: a mother's page, the recall room, the board of oddities, a phone
that scans; taken as those of `test_screenshots` are, and otherwise only opened.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.first_steps import first_steps
from tests.journeys.shop import Shop
from tests.journeys.test_screenshots import FOLDER, TAKEN, show
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
Comes = Callable[..., Visitor]
ENGLISH = "en"


@pytest.fixture(scope="module")
def desk(shop: Shop, chromium: Browser) -> Iterator[Visitor]:
    visitor = Visitor(chromium, shop, at="desk")
    first_steps(visitor)
    yield visitor
    assert visitor.leave() == [], "said in the browser's console"


def whole(page: Page, name: str) -> None:
    """The page from its head to its foot."""
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()
    if TAKEN:
        page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", full_page=True)


def speak(desk: Visitor, language: str) -> None:
    desk.page.goto("/me/")
    with desk.page.expect_navigation():
        desk.page.locator("#language").select_option(language)


def address_of_a_tin(desk: Visitor) -> str:
    """As head office opens it: of the lot that went out to the shops."""
    desk.page.goto("/hq/trace/")
    desk.page.locator("tbody tr", has_text="NH").locator("a").first.click()
    link = desk.page.locator("a[href^='/01/']").get_attribute("href")
    assert link is not None
    return link


def test_a_mothers_page_and_the_recall_room(desk: Visitor, comes: Comes) -> None:
    page, tin = desk.page, address_of_a_tin(desk)
    show(page, "hq-lot")
    for language, name in (("zh-CN", "zh"), ("en-US", "en")):
        mother = comes(language=language).page
        mother.goto(tin)
        expect(mother.locator("svg.journey")).to_be_visible()
        whole(mother, f"tin-{name}-light")
    dark = comes(scheme="dark").page
    dark.goto(tin)
    show(dark, "tin-zh-dark")

    lot = page.get_by_role("heading", level=1).inner_text().split(" · ")[-1].strip()
    page.goto("/hq/recalls/new/?by=lot")
    page.locator("[name=lot]").fill(lot)
    page.locator("[name=title]").fill(f"暖禾奶粉 {lot}")
    page.locator("[name=reason]").fill("检测机构对该批次提出异议")
    page.locator("button[name=declare]").click()
    expect(page.locator("[id^='family-']").first).to_be_visible()
    room = page.url
    for language, name in (("zh-hans", "zh"), (ENGLISH, "en")):
        speak(desk, language)
        page.goto(room)
        expect(page.locator("[id^='holding-']").first).to_be_visible()
        desk.look()
        show(page, f"recall-{name}-light")
    speak(desk, "zh-hans")
    called_back = comes().page
    called_back.goto(tin)
    expect(called_back.locator("#state.alarm")).to_be_visible()
    show(called_back, "tin-recalled")


def test_what_is_odd(desk: Visitor, shop: Shop) -> None:
    shop.until(lambda: shop.ask("SELECT 1 FROM trace_oddity WHERE rule = 'R1'"), "the oddities")
    page = desk.page
    page.goto("/hq/oddities/")
    expect(page.locator("svg.tiles g[data-state]").first).to_be_visible()
    desk.look()
    show(page, "hq-oddities")


def test_a_phone_that_scans(comes: Comes, desk: Visitor) -> None:
    tin = address_of_a_tin(desk)
    page = comes("zhou").page
    page.goto("/scan/receive/")
    for code in (tin, "6901234567892"):
        page.locator("#code").fill(
            code if not code.startswith("/") else f"https://id.gs1.org{code}"
        )
        page.keyboard.press("Enter")
    expect(page.locator("[data-lines] li")).to_have_count(2)
    show(page, "scan-receive")
