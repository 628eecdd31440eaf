"""Head office takes its first steps, writes a rule, gives a password, and brings in its own sales."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.first_steps import choose_password, first_steps
from tests.journeys.shop import Shop
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
HEADS = "小票号,行号,门店,销售日期,会员卡号,手机,条码,商品名称,数量,金额"
TIN = "6900000000013"


@pytest.fixture(scope="module")
def hq(shop: Shop, chromium: Browser) -> Iterator[Visitor]:
    """One person at one desk: her first steps are taken once, whichever journey comes first."""
    visitor = Visitor(chromium, shop, at="desk")
    first_steps(visitor)
    yield visitor
    assert visitor.leave() == [], "said in the browser's console"


@pytest.fixture
def desk(hq: Visitor) -> Page:
    hq.page.goto("/hq/")
    return hq.page


def test_the_console_says_how_the_chain_did_and_every_screen_is_without_barriers(
    hq: Visitor, desk: Page
) -> None:
    expect(desk.get_by_role("heading", level=1)).to_contain_text("个约定兑现了")
    expect(desk.locator("table").first).to_contain_text("周洁")
    for link in desk.locator("nav a[href^='/hq/']").all():
        path = link.get_attribute("href") or ""
        page = hq.context.new_page()
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        hq.look(page)
        page.close()


def test_a_playbook_is_reworded_and_tried_on_last_month(
    hq: Visitor, desk: Page, shop: Shop
) -> None:
    desk.goto("/hq/playbooks/")
    desk.get_by_role("link", name="宝宝百天").click()
    title = desk.locator("[name='title_zh-hans']")
    expect(title).to_have_value("今天百天，送上祝福")
    title.fill("今天百天，问问拍照了没有")
    desk.locator("button[name=preview]").click()
    expect(desk.locator("#preview h2")).to_contain_text("2026-10")
    hq.look()
    desk.locator("[name='title_zh-hans']").fill("今天百天，问问拍照了没有")
    desk.get_by_role("button", name="保存").click()
    desk.wait_for_url(lambda url: "preview" not in url)
    saved = shop.until(
        lambda: shop.ask(
            "SELECT s.title FROM playbooks_playbook p JOIN promises_script s ON s.id = p.script_id"
            " WHERE p.code = 'hundred-days' AND s.title->>'zh-hans' LIKE '%%拍照%%'"
        ),
        "the new words",
    )
    assert len(saved) == 1


def test_a_new_guide_gets_a_password_that_works_once(
    hq: Visitor, desk: Page, shop: Shop, comes: Callable[..., Visitor]
) -> None:
    desk.goto("/hq/staff/new/")
    desk.locator("[name=username]").fill("tanxiao")
    desk.locator("[name=name]").fill("谭笑")
    desk.locator("[name=role]").select_option("guide")
    desk.locator("[name=store]").select_option(label=shop.ask(
        "SELECT name FROM people_store WHERE code = 'JS'")[0]["name"])  # fmt: skip
    desk.locator("form:has([name=username]) button.main").click()
    told = desk.locator(".notice b")
    expect(told.first).to_have_text("tanxiao")
    password = told.nth(1).inner_text()
    hq.look()

    tan = comes()
    tan.sign_in("tanxiao", password)
    page = tan.page
    page.goto("/")
    choose_password(tan, old=password, new="a-tin-of-plum-wine")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("谭笑")
    tan.look()


def test_a_tills_export_is_tried_mended_imported_and_taken_back(
    hq: Visitor, desk: Page, shop: Shop, tmp_path: Path
) -> None:
    member = shop.ask("SELECT member_no FROM people_member WHERE member_no IS NOT NULL LIMIT 1")[0]
    lines = [
        f"T1,1,春熙路店,2026-11-20 10:05,{member['member_no']},,{TIN},晴牧1段,2,596",
        f"T2,1,春熙路店,2026-11-21 18:40,{member['member_no']},,{TIN},晴牧1段,一,298",
        f"T3,1,没有这家店,2026-11-22 11:20,{member['member_no']},,{TIN},晴牧1段,1,298",
        "T4,1,春熙路店,2026-11-22 12:00,,,6900000099999,神秘商品,1,10",
    ]
    export = tmp_path / "思迅小票.csv"
    export.write_bytes("\r\n".join([HEADS, *lines, ""]).encode("gb18030"))

    try_out(hq, desk, export)
    expect(figure(desk, "bad")).to_have_text("2")
    assert shop.ask("SELECT count(*) FROM sales_sale WHERE document_no IN ('T1', 'T2')") == [
        {"count": 0}
    ]
    expect(desk.locator("td.num", has_text="3")).not_to_have_count(0)
    expect(desk.locator("table")).to_contain_text("没有这家店")
    hq.look()
    with desk.expect_download() as kept:
        desk.locator("a[href$='to-mend.csv']").click()
    mended = tmp_path / "mended.csv"
    text = Path(kept.value.path()).read_text(encoding="utf-8-sig")
    mended.write_text(
        text.replace("一", "1").replace("没有这家店", "建设路店"), encoding="utf-8-sig"
    )

    for receipts in (2, 4):
        desk.locator("form[action$='/commit/'] button").click()
        expect(desk.locator("[data-opens=undo]")).to_be_visible()
        [came] = shop.ask("SELECT count(*) FROM sales_sale WHERE document_no LIKE 'T_'")
        assert came == {"count": receipts}
        if receipts == 2:
            try_out(hq, desk, mended)
            expect(figure(desk, "bad")).to_have_text("0")
    hq.look()

    desk.locator("[data-opens=undo]").click()
    hq.look()
    desk.locator("dialog form[action$='/undo/'] button.main").click()
    expect(desk.locator("[data-opens=undo]")).to_have_count(0)
    left = lambda: shop.ask(  # noqa: E731
        "SELECT document_no FROM sales_sale WHERE document_no LIKE 'T_' ORDER BY document_no"
    )
    shop.until(lambda: len(left()) == 2, "the undoing")
    assert [row["document_no"] for row in left()] == ["T1", "T4"]


def try_out(hq: Visitor, desk: Page, file: Path) -> None:
    desk.goto("/hq/imports/")
    desk.locator("input[type=file]").set_input_files(file)
    desk.locator("main form button.main").click()
    columns = desk.locator("form[action$='/columns/']")
    expect(columns).to_be_visible()
    hq.look()
    source = columns.locator("[name=source]")
    if source.count() and not source.input_value():
        source.fill("till")
    columns.locator("button.main").click()
    expect(desk.locator("section.figures .figure").first).to_be_visible()


def figure(desk: Page, which: str) -> object:
    """The figures of a dry run, in their order on the page; sales have no "changed"."""
    order = ["new", "same", "skipped", "bad"]
    return desk.locator("section.figures .figure").nth(order.index(which))


def test_the_audit_shows_who_looked_at_a_family(
    hq: Visitor, desk: Page, shop: Shop, comes: Callable[..., Visitor]
) -> None:
    [family] = shop.ask(
        "SELECT h.id FROM people_household h JOIN people_staff s ON s.id = h.home_guide_id"
        " WHERE s.username = 'zhou' ORDER BY h.id LIMIT 1"
    )
    comes("zhou").page.goto(f"/families/{family['id']}/")
    desk.goto(f"/hq/readings/?family={family['id']}")
    expect(desk.locator("table")).to_contain_text("周洁")
    desk.goto("/hq/outbox/")
    hq.look()


def test_a_guide_finds_no_head_office(comes: Callable[..., Visitor]) -> None:
    zhou = comes("zhou")
    zhou.forgive("404")
    answer = zhou.page.goto("/hq/")
    assert answer is not None
    assert answer.status == 404
