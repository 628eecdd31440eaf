"""A phone in a lift, a cellar, a village: what was written there is never lost, and means what it
meant when it was written."""

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.shop import Shop
from tests.journeys.visitor import Visitor, outcome

pytestmark = pytest.mark.journey
Comes = Callable[..., Visitor]
CUT = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch")


def open_sheet(visitor: Visitor) -> tuple[int, Locator]:
    """The first call of her list: the promise it is for, and the sheet that comes up."""
    page = visitor.page
    page.wait_for_load_state("networkidle")
    card = page.locator("article.card.call").first
    promise = int((card.get_attribute("id") or "").removeprefix("promise-"))
    card.get_by_role("link", name="打电话").tap()
    return promise, page.get_by_role("dialog")


def without_network(visitor: Visitor, sheet: Locator) -> None:
    """Done, but nothing leaves the phone."""
    visitor.context.set_offline(True)
    sheet.get_by_role("button", name="完成").tap()
    expect(visitor.page.locator("#away")).to_contain_text("1 条待上传")
    expect(sheet).to_be_hidden()


def test_what_the_server_refuses_is_opened_again_with_everything_typed(
    comes: Comes, shop: Shop
) -> None:
    visitor = comes("lina")
    visitor.forgive(*CUT, "422")
    page = visitor.page
    promise, sheet = open_sheet(visitor)
    outcome(sheet, "refused").tap()  # and yet she promises another call: that cannot be
    sheet.get_by_text("约好再打").tap()
    sheet.locator("label", has_text="11月26日").tap()
    sheet.get_by_label("答应了什么").fill("问问奶奶")
    sheet.locator("summary", has_text="备注").tap()
    sheet.locator("textarea[name=note]").fill("妈妈说别再打了")
    without_network(visitor, sheet)
    visitor.context.set_offline(False)

    strip = page.locator("#away")
    expect(strip).to_contain_text("1 条没能上传")
    expect(strip).to_contain_text("不能再约下一次")
    visitor.look()
    strip.get_by_role("button", name="打开").tap()
    page.wait_for_url("**/families/*/?promise=*")
    form = page.locator("#log-form")
    expect(form.locator("input[name=outcome][value=refused]")).to_be_checked()
    expect(form.locator("input[name=next_on][value='2026-11-26']")).to_be_checked()
    expect(form.get_by_label("答应了什么")).to_have_value("问问奶奶")
    expect(form.locator("textarea[name=note]")).to_have_value("妈妈说别再打了")
    expect(form.locator("textarea[name=note]")).to_be_visible()
    expect(strip).to_contain_text("1 条没能上传")  # not before it has gone its way
    visitor.look()

    form.locator("label", has_text="不用").tap()
    form.get_by_role("button", name="完成").tap()
    expect(page.locator(".timeline")).to_contain_text("妈妈说别再打了")
    expect(strip).to_be_hidden()
    logged = shop.ask("SELECT outcome FROM contacts_contact WHERE promise_id = %s", promise)
    assert [call["outcome"] for call in logged] == ["refused"]


def test_a_call_that_waited_for_days_promises_the_day_that_was_meant(
    comes: Comes, shop: Shop
) -> None:
    visitor = comes()
    visitor.forgive(*CUT)
    visitor.page.clock.install()
    visitor.sign_in("wanglin")
    page = visitor.page
    page.goto("/")
    promise, sheet = open_sheet(visitor)
    outcome(sheet, "no_answer").tap()
    sheet.get_by_text("约好再打").tap()
    sheet.locator("label", has_text="11月24日").tap()  # tomorrow
    without_network(visitor, sheet)

    shop.clock("2026-11-25T09:30:00+08:00")
    page.clock.fast_forward("48:00:00")
    visitor.context.set_offline(False)
    expect(page.locator("#away")).to_be_hidden()
    [call] = shop.ask("SELECT at FROM contacts_contact WHERE promise_id = %s", promise)
    assert "2026-11-23T01" <= call["at"].isoformat() < "2026-11-23T02", "when it was made"
    [following] = shop.ask(
        "SELECT due_at FROM promises_promise WHERE kind = 'contacts.call_back'"
        " AND household_id = (SELECT household_id FROM promises_promise WHERE id = %s)"
        " AND made_at > '2026-11-25'",
        promise,
    )
    assert following["due_at"] < datetime.fromisoformat("2026-11-24T20:00+08:00")
    assert following["due_at"] > datetime.fromisoformat("2026-11-24T08:00+08:00")
