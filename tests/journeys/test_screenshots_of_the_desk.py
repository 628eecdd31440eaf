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
ELSEWHERE: list[dict[str, str]] = [{"at": "phone"}, {"at": "phone", **DARK}, {"at": "desk", **DARK}]
OF_HEAD_OFFICE = (
    "/hq/desk/",
    "/hq/desk/?level=guide&days=7",
    "/hq/desk/missed/?days=90",
    "/hq/desk/cases/broken/?days=90",
    "/hq/desk/causes/?days=90",
    "/hq/desk/samples/?days=90",
    "/hq/desk-rules/",
    "/hq/desk-rules/authority/",
    "/hq/desk-rules/kinds/",
    "/hq/desk-rules/kinds/new/",
    "/hq/desk-rules/departments/",
    "/hq/desk-rules/causes/",
    "/hq/freezes/",
    "/hq/buying/",
    "/hq/aside/",
)
OF_THE_DESK = (
    "/desk/",
    "/desk/?state=settled",
    "/desk/?kind=repair&channel=api",
    "/desk/find/",
    "/desk/find/?q=nobody",
    "/desk/macros/",
    "/desk/macros/new/",
    "/desk/feedback/",
    "/desk/approvals/",
    "/desk/samples/",
    "/desk/preventions/",
)


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
    for other in ELSEWHERE:
        elsewhere = comes(**{**how, **other})
        elsewhere.page.goto(theirs or "")
        elsewhere.look()


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
    dark = Visitor(chromium, hq.shop, at="desk", known=hq.context.storage_state(), **DARK)
    dark.page.goto("/hq/desk/")
    expect(dark.page.locator("html")).to_have_attribute("lang", "en")
    show(dark.page, "desk-rates-en-dark")
    assert dark.leave() == []


@pytest.mark.parametrize("how", ELSEWHERE, ids=["phone", "phone-dark", "desk-dark"])
def test_head_offices_pages_at_every_width(
    hq: Visitor, chromium: Browser, how: dict[str, str]
) -> None:
    visitor = Visitor(chromium, hq.shop, known=hq.context.storage_state(), **how)
    for path in OF_HEAD_OFFICE:
        answer = visitor.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        visitor.look()
    assert visitor.leave() == [], "said in the browser's console"


@pytest.mark.parametrize("how", ELSEWHERE, ids=["phone", "phone-dark", "desk-dark"])
def test_the_desks_pages_at_every_width(comes: Comes, how: dict[str, str]) -> None:
    agent = comes("agent", **how)
    for path in OF_THE_DESK:
        answer = agent.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        agent.look()


def test_a_link_that_leads_nowhere_is_said_in_a_familys_words(comes: Comes) -> None:
    parent = comes()
    parent.forgive("404")
    parent.page.goto("/s/AAAAAAAAAAAAAAAAAAAAAA/")
    expect(parent.page.get_by_role("heading", level=1)).to_have_text("这个链接打不开。")
    parent.look()


def test_a_list_without_a_match_says_so(comes: Comes) -> None:
    """The palette, by keys alone: an act by its pinyin, and letters that fit nothing."""
    agent = comes("agent", at="desk")
    page = agent.page
    page.goto("/desk/?state=feedback")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/*/")
    page.keyboard.press("Control+k")
    page.keyboard.type("yygl")
    expect(page.locator("dialog.palette li").first).to_contain_text("原因归类")
    page.keyboard.type("qq")
    expect(page.locator("dialog.palette .none")).to_be_visible()


def test_two_at_one_case_hear_of_each_other_at_once(comes: Comes) -> None:
    ding, fang = comes("agent", at="desk"), comes("fang", at="desk")
    ding.page.goto("/desk/?whose=others&when=urgent")
    ding.page.get_by_role("link", name="换了新奶粉两天").click()
    fang.page.goto(ding.page.url)
    expect(fang.page.locator("#presence")).to_contain_text("客服小丁 也正打开着这一单")
    ding.page.keyboard.press("a")
    with ding.page.expect_response("**/presence/"):
        ding.page.keyboard.type("我")
    fang.page.reload()
    expect(fang.page.locator("#presence")).to_contain_text("客服小丁 正在这一单里写字")
