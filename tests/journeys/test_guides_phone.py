"""What a guide's phone is good for between two calls, and what it never loses."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.shop import Shop
from tests.journeys.visitor import Visitor, outcome

pytestmark = pytest.mark.journey
Comes = Callable[..., Visitor]


def open_sheet(page: Page) -> tuple[Locator, Locator]:
    """The first call of the list: its card, by its own name, and the sheet that comes up."""
    name = page.locator("article.card.call").first.get_attribute("id")
    card = page.locator(f"#{name}")
    card.get_by_role("link", name="打电话").tap()
    return card, page.get_by_role("dialog")


def calls_of(shop: Shop, card: Locator) -> list[dict[str, object]]:
    promise = int((card.get_attribute("id") or "").removeprefix("promise-"))
    return shop.ask(
        "SELECT outcome FROM contacts_contact WHERE promise_id = %s ORDER BY id", promise
    )


def test_a_new_family_takes_four_fields_and_is_found_again(comes: Comes, shop: Shop) -> None:
    lina = comes("lina")
    page = lina.page
    page.goto("/families/")
    page.get_by_role("link", name="新家庭").tap()
    page.get_by_label("家长姓名").fill("欧阳雨桐")
    page.get_by_label("手机号").fill("139 0000 7531")
    page.get_by_label("宝宝生日或预产期").fill("2026-08-01")
    page.get_by_label("监护人同意").check()
    lina.look()
    page.get_by_role("button", name="欢迎加入").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("欧阳雨桐")
    lina.look()
    family = page.url
    for said in ("7531", "ouyang", "oyyt", "雨桐", "13900007531"):
        page.goto("/families/")
        page.get_by_role("searchbox").press_sequentially(said)
        expect(page.locator("#found li a")).to_have_count(1)
        expect(page.locator("#found")).to_contain_text("欧阳雨桐")
    lina.look()
    page.locator("#found li a").tap()
    expect(page).to_have_url(family)


def test_a_forecast_is_put_right_in_two_taps(comes: Comes, shop: Shop) -> None:
    [row] = shop.ask(
        "SELECT r.id, r.household_id, r.p50_on, s.username FROM care_runout r"
        " JOIN catalog_category c ON c.id = r.category_id"
        " JOIN people_household h ON h.id = r.household_id"
        " JOIN people_staff s ON s.id = h.home_guide_id"
        " WHERE c.code = 'formula' AND r.p50_on > '2026-11-26' AND NOT EXISTS"
        " (SELECT FROM people_child b WHERE b.household_id = h.id AND b.feeding <> 'formula')"
        " ORDER BY r.id LIMIT 1"
    )
    guide = comes(row["username"])
    page = guide.page
    page.goto(f"/families/{row['household_id']}/")
    forecast = page.locator("#forecast-formula")
    before = forecast.locator(".gauge").inner_text()
    guide.look()
    forecast.get_by_text("实际不是这样").tap()
    forecast.get_by_role("button", name="一半母乳").tap()
    page.wait_for_url("**/#forecasts")
    expect(forecast.locator(".gauge")).not_to_have_text(before, use_inner_text=True)
    [after] = shop.ask("SELECT p50_on FROM care_runout WHERE id = %s", row["id"])
    assert after["p50_on"] > row["p50_on"], "half as much a day lasts longer"


def test_a_red_flag_in_a_note_shows_whom_to_ring(comes: Comes, shop: Shop) -> None:
    page = (guide := comes("sunyue")).page
    _card, sheet = open_sheet(page)
    outcome(sheet, "reached").tap()
    sheet.locator("summary", has_text="备注").tap()
    sheet.locator("textarea[name=note]").fill("妈妈说宝宝发烧抽搐，很害怕")
    sheet.get_by_role("button", name="完成").tap()
    hotline = page.locator("#hotline")
    expect(hotline.locator("a[href='tel:120']")).to_be_visible()
    expect(hotline).to_contain_text("店长")
    guide.look()
    seen = shop.until(
        lambda: shop.ask("SELECT id FROM promises_promise WHERE kind = 'contacts.escalation'"),
        "the manager's promise to look at once",
    )
    assert len(seen) == 1


def test_what_was_wrong_in_a_form_is_where_she_looks(comes: Comes) -> None:
    """At the foot of a family's file, and in a sheet that was scrolled: nobody has to search."""
    lina = comes("lina")
    lina.forgive("422")
    page = lina.page
    page.goto("/families/")
    page.locator("#found li a, .list a[href^='/families/']").first.tap()
    page.locator("summary", has_text="添一个宝宝").tap()
    form = page.locator("form[action$='/children/'], form[hx-post$='/children/']").last
    form.locator("[name=born_on]").fill("2028-12-01")
    form.get_by_role("button", name="保存").tap()
    expect(page.locator(".wrong")).to_be_in_viewport()
    expect(page.locator("[name=born_on][aria-invalid=true]")).to_be_focused()

    page.goto("/")
    _card, sheet = open_sheet(page)
    outcome(sheet, "later").tap()
    sheet.get_by_role("button", name="完成").tap()
    expect(sheet.get_by_role("alert")).to_be_in_viewport()


def test_another_stores_family_is_a_page_that_does_not_exist(comes: Comes, shop: Shop) -> None:
    [theirs] = shop.ask(
        "SELECT h.id FROM people_household h JOIN people_store s ON s.id = h.store_id"
        " WHERE s.code = 'JN' ORDER BY h.id LIMIT 1"
    )
    visitor = comes("chenlu")
    visitor.forgive("404")
    told = []
    for number in (theirs["id"], 9_999_999):
        answer = visitor.page.goto(f"/families/{number}/")
        assert answer is not None
        assert answer.status == 404
        told.append(visitor.page.locator("main").inner_text())
    assert told[0] == told[1], "not even that it exists"
    visitor.look()


def test_a_sign_in_that_ran_out_loses_nothing_typed(comes: Comes, shop: Shop) -> None:
    wanglin = comes("wanglin")
    page = wanglin.page
    card, sheet = open_sheet(page)
    outcome(sheet, "reached").tap()
    sheet.locator("summary", has_text="备注").tap()
    sheet.locator("textarea[name=note]").fill("奶奶接的，说周末来")
    [cookie] = [c for c in wanglin.context.cookies() if c["name"] == "sessionid"]
    shop.ask("DELETE FROM django_session WHERE session_key = %s RETURNING 1", cookie["value"])
    sheet.get_by_role("button", name="完成").tap()
    again = page.locator("#sign-in-again")
    expect(again).to_contain_text("请重新登录")
    wanglin.look()
    with page.expect_popup() as opened:
        again.get_by_role("link", name="在新窗口登录").tap()
    window = opened.value
    window.locator("[name=login]").fill("wanglin")
    window.locator("[name=password]").fill(shop.passwords[""])
    window.locator("main button.main").click()
    expect(window.get_by_role("heading", level=1)).to_contain_text("王琳")
    window.close()
    again.get_by_role("button", name="已登录，继续提交").tap()
    expect(card).to_contain_text("已完成")
    assert calls_of(shop, card) == [{"outcome": "reached"}]
    card.locator("h2 a").tap()
    expect(page.locator(".timeline")).to_contain_text("奶奶接的，说周末来")


def test_a_double_tap_is_one_call(comes: Comes, shop: Shop) -> None:
    card, sheet = open_sheet(comes("wu").page)
    outcome(sheet, "reached").tap()
    sheet.get_by_role("button", name="完成").evaluate("b => { b.click(); b.click(); b.click() }")
    expect(card).to_contain_text("已完成")
    assert len(calls_of(shop, card)) == 1


def test_a_page_that_is_out_of_date_says_so(comes: Comes, shop: Shop) -> None:
    visitor = comes("yangfan")
    visitor.forgive("409")
    stale = visitor.page
    card, old_sheet = open_sheet(stale)
    expect(old_sheet).to_be_visible()

    fresh = visitor.context.new_page()
    fresh.goto("/")
    _same, sheet = open_sheet(fresh)
    for words, at in (("店里遇到，已经聊过", sheet), ("不用了", old_sheet)):
        at.get_by_text("不用再联系了").tap()
        at.get_by_label("为什么？").fill(words)
        at.get_by_role("button", name="免除这个约定").tap()
    expect(fresh.locator("article.card", has_text="店里遇到，已经聊过")).to_be_visible()
    expect(stale.locator(".toast").last).to_contain_text("不是最新的")
    expect(old_sheet.get_by_label("为什么？")).to_have_value("不用了")
    promise = int((card.get_attribute("id") or "").removeprefix("promise-"))
    [waived] = shop.ask("SELECT status, waived_for FROM promises_promise WHERE id = %s", promise)
    assert waived == {"status": "waived", "waived_for": "店里遇到，已经聊过"}


def test_a_call_logged_without_a_network_is_sent_once(comes: Comes, shop: Shop) -> None:
    visitor = comes("xujia")
    visitor.forgive("ERR_INTERNET_DISCONNECTED", "Failed to fetch")
    page, context = visitor.page, visitor.context
    page.wait_for_load_state("networkidle")
    card, sheet = open_sheet(page)
    outcome(sheet, "reached").tap()
    context.set_offline(True)
    sheet.get_by_role("button", name="完成").tap()
    expect(page.locator("#away")).to_contain_text("1 条待上传")
    expect(sheet).to_be_hidden()
    assert calls_of(shop, card) == []
    context.set_offline(False)
    expect(page.locator(".toast").last).to_contain_text("已上传 1 条")
    expect(page.locator("#away")).to_be_hidden()
    assert [call["outcome"] for call in calls_of(shop, card)] == ["reached"]
    page.reload()
    expect(card).to_contain_text("已完成")
    assert len(calls_of(shop, card)) == 1


def test_every_screen_of_the_phone_is_without_barriers_in_both_languages_and_colours(
    comes: Comes,
) -> None:
    for how in ({"language": "en-US"}, {"scheme": "dark"}):
        visitor = comes("zhangxin", **how)
        page = visitor.page
        for path in ("/", "/families/", "/families/new/", "/scan/", "/me/"):
            page.goto(path)
            visitor.look()
        page.goto("/families/")
        page.locator("#found li a").first.tap()
        page.wait_for_url("**/families/*/")
        visitor.look()
        if "language" in how:
            assert page.locator("html").get_attribute("lang") == "en"
