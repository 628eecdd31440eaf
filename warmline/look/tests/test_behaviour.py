"""What the small scripts promise a guide: one tap is one act, and nothing typed is lost."""

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


def test_a_second_tap_while_the_first_is_under_way_does_nothing(page: Page) -> None:
    SERVER.wait_s = 0.4
    page.get_by_label("记一笔").fill("奶还够三天")
    page.get_by_role("button", name="记下来").evaluate("b => { b.click(); b.click(); b.click() }")
    expect(page.locator("#sent")).to_have_text("记下了：奶还够三天")
    page.wait_for_timeout(600)
    assert len(SERVER.posts) == 1


def test_two_acts_have_two_keys(page: Page) -> None:
    for words in ("一", "二"):
        write(page, words)
        expect(page.locator("#sent")).to_have_text(f"记下了：{words}")
    assert len({key for key, _ in SERVER.posts}) == 2


def test_a_stale_page_says_so_and_keeps_what_was_typed(page: Page) -> None:
    SERVER.status = 409
    write(page, "换了两罐")
    expect(page.locator(".toast")).to_contain_text("不是最新的")
    expect(page.get_by_label("记一笔")).to_have_value("换了两罐")
    expect(page.locator("#sent")).to_be_empty()


def test_a_try_after_trouble_of_ours_is_the_same_act(page: Page) -> None:
    keys: list[str] = []
    page.on("request", lambda r: keys.append(r.headers["idempotency-key"]) if r.post_data else None)
    SERVER.status = 500
    write(page, "再试")
    expect(page.locator(".toast")).to_contain_text("系统出了点问题")
    SERVER.status = 200
    page.get_by_role("button", name="再试一次").click()
    expect(page.locator("#sent")).to_have_text("记下了：再试")
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_signing_in_again_sends_what_was_typed(page: Page) -> None:
    SERVER.signed_in = False
    write(page, "退了一罐")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("请重新登录")
    with page.expect_popup() as popup:
        sheet.get_by_role("link", name="在新窗口登录").click()
    popup.value.get_by_role("button", name="登录").click()
    popup.value.wait_for_url("**/forms/")
    popup.value.close()
    sheet.get_by_role("button", name="已登录，继续提交").click()
    expect(page.locator("#sent")).to_have_text("记下了：退了一罐")


def test_a_plain_form_is_put_back_after_signing_in(page: Page) -> None:
    SERVER.signed_in = False
    page.get_by_label("姓名").fill("林晓")
    page.get_by_label("双胞胎").check()
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/sign-in/**")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/forms/")
    expect(page.get_by_label("姓名")).to_have_value("林晓")
    expect(page.get_by_label("双胞胎")).to_be_checked()
    expect(page.locator(".toast")).to_contain_text("已经恢复")


def test_a_saved_form_does_not_come_back(page: Page) -> None:
    page.get_by_label("姓名").fill("林晓")
    page.get_by_role("button", name="保存").click()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_label("姓名")).to_have_value("")


def test_a_few_letters_and_enter_lead_to_a_screen(page: Page, screens: str) -> None:
    page.goto(f"{screens}/hq/", wait_until="networkidle")
    page.keyboard.press("Control+k")
    search = page.get_by_role("combobox", name="去哪一页")
    expect(search).to_be_focused()
    search.fill("门")
    expect(page.locator("#palette-list").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/hq/stores/")


def test_a_chosen_theme_is_there_on_the_next_page(page: Page) -> None:
    switch = page.get_by_role("button", name="颜色")
    expect(switch).to_contain_text("跟随系统")
    switch.click()
    switch.click()
    expect(switch).to_contain_text("深色")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
