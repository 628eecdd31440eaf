"""A guide's Monday, as the story goes, and the Thursday that she promised."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.shop import Shop
from tests.journeys.visitor import Visitor, outcome

pytestmark = pytest.mark.journey
THURSDAY = "2026-11-26T09:00:00+08:00"


def test_she_keeps_a_promise_in_three_taps_and_makes_another_for_thursday(
    comes: Callable[..., Visitor], shop: Shop
) -> None:
    zhou = comes()
    page = zhou.page
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("欢迎回来")
    zhou.look()
    zhou.sign_in("zhou")

    owed = shop.owed_today("zhou")
    assert owed >= 3
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"今天有 {owed} 个约定")
    zhou.look()

    first = page.locator("article.card.call").first
    expect(first.locator("h2")).to_contain_text(re.compile("岁|个月|天"))
    expect(first).to_contain_text("问问便便和睡眠")
    expect(first).to_contain_text("这是您在11月19日许下的")
    promise = int((first.get_attribute("id") or "").removeprefix("promise-"))
    card = page.locator(f"#promise-{promise}")

    zhou.count_taps()
    card.get_by_role("link", name="打电话").tap()
    sheet = page.get_by_role("dialog")
    outcome(sheet, "reached").tap()
    sheet.get_by_role("button", name="完成").tap()
    expect(card).to_contain_text("已完成")
    expect(sheet).to_be_hidden()
    assert zhou.taps() == 3
    assert zhou.rang().startswith("tel:+86")
    [kept] = shop.ask("SELECT status, done_at FROM promises_promise WHERE id = %s", promise)
    assert kept["status"] == "kept"
    assert kept["done_at"].isoformat().startswith("2026-11-23")

    second = page.locator("article.card.call").first
    second.get_by_role("link", name="打电话").tap()
    outcome(sheet, "no_answer").tap()
    sheet.get_by_text("约好再打").tap()
    sheet.locator("label", has_text="11月26日").tap()
    sheet.get_by_label("答应了什么").fill("周四再问辅食")
    zhou.look()
    sheet.get_by_role("button", name="完成").tap()
    expect(sheet).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"今天有 {owed - 2} 个约定")

    shop.clock(THURSDAY)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("早上好，周洁")
    again = page.locator("article.card.call", has_text="周四再问辅食")
    expect(again).to_be_visible()
    expect(again).to_contain_text("这是您在11月23日许下的")
    zhou.look()
