"""A guide's phone in the stock room: no network, and nothing is lost."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from warmline.look.tests.screens import SERVER

pytestmark = pytest.mark.journey


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    SERVER.__init__()  # type: ignore[misc]
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    context.set_default_timeout(8000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, screens: str) -> Page:
    page = context.new_page()
    page.goto(f"{screens}/forms/", wait_until="networkidle")
    return page


def write(page: Page, words: str) -> None:
    page.get_by_label("记一笔").fill(words)
    page.get_by_role("button", name="记下来").click()


def test_what_is_written_without_a_network_is_sent_once_when_there_is_one(
    context: BrowserContext, page: Page
) -> None:
    context.set_offline(True)
    for number, words in enumerate(("奶还够三天", "周四再打"), start=1):
        write(page, words)
        expect(page.locator("#away")).to_contain_text(f"{number} 条待上传")
    assert SERVER.posts == []
    context.set_offline(False)
    expect(page.locator(".toast").last).to_contain_text("已上传 2 条")
    expect(page.locator("#away")).to_be_hidden()
    assert [words for _, words in SERVER.posts] == ["奶还够三天", "周四再打"]
    assert len({key for key, _ in SERVER.posts}) == 2


def test_a_form_that_leaves_the_page_is_kept_as_well(context: BrowserContext, page: Page) -> None:
    context.set_offline(True)
    page.get_by_label("妈妈").fill("陈雨")
    page.get_by_role("button", name="建档").click()
    expect(page.locator("#away")).to_contain_text("1 条待上传")
    context.set_offline(False)
    expect(page.locator(".toast").last).to_contain_text("已上传 1 条")
    [(key, words)] = SERVER.posts
    assert words == "陈雨"
    assert key


def test_a_form_that_comes_back_with_mistakes_is_not_taken_for_sent(
    context: BrowserContext, page: Page
) -> None:
    SERVER.status = 422
    context.set_offline(True)
    page.get_by_label("妈妈").fill("陈")
    page.get_by_role("button", name="建档").click()
    expect(page.locator("#away")).to_contain_text("1 条待上传")
    context.set_offline(False)
    expect(page.locator("#away")).to_contain_text("1 条没能上传 · 新家庭")


def test_what_waits_survives_closing_the_page(
    context: BrowserContext, page: Page, screens: str
) -> None:
    context.set_offline(True)
    write(page, "明天上门")
    expect(page.locator("#away")).to_contain_text("1 条待上传")
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"{screens}/forms/")
    expect(again.locator(".toast")).to_contain_text("已上传 1 条")
    assert [words for _, words in SERVER.posts] == ["明天上门"]


def test_what_the_server_refuses_is_shown_until_it_is_let_go(
    context: BrowserContext, page: Page
) -> None:
    context.set_offline(True)
    write(page, "已经有人记过")
    SERVER.status = 409
    context.set_offline(False)
    expect(page.locator("#away")).to_contain_text("1 条没能上传 · 给林晓的一笔")
    page.get_by_role("button", name="删除").click()
    expect(page.locator("#away")).to_be_hidden()


def test_today_opens_without_a_network_and_another_family_does_not(
    context: BrowserContext, page: Page, screens: str
) -> None:
    page.goto(f"{screens}/", wait_until="networkidle")
    page.goto(f"{screens}/", wait_until="networkidle")
    context.set_offline(True)
    page.goto(f"{screens}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("今天有 5 个约定")
    expect(page.locator("#away")).to_contain_text("没有网络，这是")
    colour = page.locator("body").evaluate("b => getComputedStyle(b).fontVariantNumeric")
    assert colour == "tabular-nums", "the styles come along"
    page.goto(f"{screens}/families/")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有网络")


YESTERDAY = """async () => {
    const cache = await caches.open("warmline-pages-1");
    const kept = await cache.match("/");
    const headers = new Headers(kept.headers);
    headers.set("X-Kept-At", Date.now() - 24 * 60 * 60 * 1000);
    await cache.put("/", new Response(await kept.text(), { headers }));
}"""


def test_a_slow_network_is_waited_for_when_only_yesterdays_list_is_kept(
    page: Page, screens: str
) -> None:
    page.goto(f"{screens}/", wait_until="networkidle")
    page.goto(f"{screens}/", wait_until="networkidle")
    page.evaluate(YESTERDAY)
    SERVER.wait_s = 6.5  # longer than a list of this morning would be waited beside
    page.goto(f"{screens}/", timeout=30_000)
    expect(page.get_by_role("heading", level=1)).to_contain_text("今天有 5 个约定")


def test_signing_out_leaves_nothing_of_a_family_on_the_phone(
    context: BrowserContext, page: Page, screens: str
) -> None:
    page.goto(f"{screens}/", wait_until="networkidle")
    page.goto(f"{screens}/forms/", wait_until="networkidle")
    page.get_by_role("button", name="退出").click()
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    page.goto(f"{screens}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有网络")
