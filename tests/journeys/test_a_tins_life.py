"""A tin's life: coded and packed for head office, scanned from hand to hand, sold, looked up and
registered by a mother, and a week later called back with everybody told.
"""

import csv
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import qrcode
from playwright.sync_api import Browser, BrowserType, Page, expect
from qrcode.image.svg import SvgPathImage

from tests.browser import browsers, started  # noqa: F401 a fixture
from tests.journeys.first_steps import first_steps
from tests.journeys.shop import Shop
from tests.journeys.visitor import Visitor, outcome

pytestmark = pytest.mark.journey
Comes = Callable[..., Visitor]
LOT, TITLE = "STORY-1", "暖禾奶粉 STORY-1 批次"
A_WEEK_LATER = "2026-11-30T09:30:00+08:00"
TINS, CASES, PER_CASE = 240, 40, 6
ORDERED = {"unit": TINS, "case": CASES, "pallet": 1}
FAMILY = """
SELECT r.household_id AS family, m.member_no, p.gtin, s.username AS guide
FROM care_runout r JOIN catalog_product p ON p.id = r.product_id
    JOIN catalog_category c ON c.id = p.category_id
    JOIN people_household h ON h.id = r.household_id JOIN people_store o ON o.id = h.store_id
    JOIN people_staff s ON s.id = h.home_guide_id
    JOIN people_member m ON m.household_id = h.id AND m.member_no IS NOT NULL
WHERE o.code = 'CX' AND c.code = 'formula' AND p.gtin IS NOT NULL AND r.p50_on > '2026-11-25'
    AND (SELECT count(*) FROM people_child b WHERE b.household_id = h.id) = 1
ORDER BY r.id LIMIT 1"""


@pytest.fixture
def hq(shop: Shop, chromium: Browser) -> Iterator[Visitor]:
    visitor = Visitor(chromium, shop, at="desk")
    first_steps(visitor)
    yield visitor
    assert visitor.leave() == [], "said in the browser's console"


def test_a_tins_life(
    hq: Visitor,
    comes: Comes,
    shop: Shop,
    browsers: BrowserType,  # noqa: F811
    chromium: Browser,
    tmp_path: Path,
) -> None:
    [buyer] = shop.ask(FAMILY)
    codes = head_office_makes_the_lot(hq, buyer["gtin"])
    ((pallet, _none, _lid),) = codes["pallet"]
    cases = [link for link, *_under in codes["case"]]
    tin, _under, lid = codes["unit"][0]
    the_factory_ships(comes("zhao"), pallet)
    the_dealer_reads_the_pallet_with_a_camera(shop, browsers, chromium, pallet, tmp_path)
    the_dealer_sends_cases_on(comes("qin"), cases[:2])
    the_shop_takes_them_in(comes("zhou"), cases[:2], codes["unit"])
    till = Till(shop)
    assert till.sell(tin, buyer["member_no"]) == (201, "sold")
    assert till.sell(tin, buyer["member_no"]) == (409, "sold")
    the_mother_looks_it_up_and_makes_it_hers(comes, shop, tin, lid)
    shop.clock(A_WEEK_LATER)
    head_office_calls_it_back(hq)
    the_guide_rings(shop, comes, buyer)
    assert till.sell(codes["unit"][1][0], buyer["member_no"]) == (409, "recalled")
    the_mother_reads_of_it(comes, tin)
    every_tin_is_accounted_for(hq)
    checked = shop.run("check")
    assert checked.returncode == 0, checked.stdout


def head_office_makes_the_lot(hq: Visitor, gtin: str) -> dict[str, list[list[str]]]:
    """The lot with its story and a paper; codes ordered, listed, activated and packed."""
    page = hq.page
    page.goto("/hq/trace/lots/new/")
    for name, said in {
        "gtin": gtin,
        "number": LOT,
        "made_on": "2026-11-01",
        "expires_on": "2028-10-31",
        "made_at": "黑龙江 · 双城工厂",
        "materials-0-name": "生牛乳",
        "materials-0-origin": "黑龙江双城",
        "steps-0-name": "喷雾干燥",
    }.items():
        page.locator(f"[name='{name}']").fill(said)
    hq.look()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(LOT)
    lot = page.url
    page.locator("#paper_number").fill("HJ-STORY-1")
    page.locator("#paper_issuer").fill("省质检院")
    page.locator("#paper_issued_on").fill("2026-11-08")
    page.locator("#paper_file").set_input_files(
        {"name": "report.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 report"}
    )
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.locator("#papers")).to_contain_text("HJ-STORY-1")
    hq.look()
    codes: dict[str, list[list[str]]] = {}
    for level, size in ORDERED.items():
        page.goto(lot)
        page.locator("#order_level").select_option(level)
        page.locator("#order_size").fill(str(size))
        page.get_by_role("button", name="订码").click()
        codes[level] = listed(page)
        page.locator("#activation_upto").fill(str(size))
        page.locator("#activation_line").select_option(label="双城工厂 3 号线")
        page.get_by_role("button", name="启用").click()
        expect(page.locator("#progress")).to_contain_text(f"{size} / {size}")
        if level != "unit":
            page.locator("#fill_inner").select_option(index=1)
            page.locator("#fill_per").fill(str(PER_CASE if level == "case" else CASES))
            page.get_by_role("button", name="按生产顺序装").click()
            expect(page.locator("#progress")).not_to_contain_text("装了货的0")
        hq.look()
    assert [len(codes[level]) for level in ORDERED] == list(ORDERED.values())
    return codes


def listed(page: Page) -> list[list[str]]:
    """The print shop's list: the code, what is under the lid, and the link to it."""
    with page.expect_download() as download:
        page.get_by_role("button", name="给印刷厂的清单").click()
    rows = list(csv.reader(download.value.path().read_text("utf-8-sig").splitlines()))
    page.reload()
    return rows[1:]


def read(page: Page, code: str) -> None:
    """As a hand scanner writes it."""
    page.locator("#code").fill(code)
    page.keyboard.press("Enter")
    expect(page.locator("[data-lines] li").first).to_be_visible()


def the_factory_ships(zhao: Visitor, pallet: str) -> None:
    page = zhao.page
    page.goto("/scan/ship/")
    read(page, pallet)
    page.locator("[name=to]").select_option(label="蓉城母婴商贸")
    page.locator("[name=document_no]").fill("CK-STORY")
    expect(page.locator("[data-counted]")).to_contain_text(f"{TINS} 罐")
    zhao.look()
    page.get_by_role("button", name="发货").tap()
    expect(page.get_by_role("status").first).to_contain_text(f"{TINS}")


def the_dealer_reads_the_pallet_with_a_camera(
    shop: Shop,
    browsers: BrowserType,  # noqa: F811
    chromium: Browser,
    pallet: str,
    tmp_path: Path,
) -> None:
    film = tmp_path / "camera.mjpeg"
    film.write_bytes(picture_of(pallet, chromium) * 3)
    browser = started(
        browsers,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    qin = Visitor(browser, shop)
    qin.sign_in("qin")
    page = qin.page
    expect(page).to_have_url(re.compile("/me/$"))
    page.locator(".tabs a", has_text="扫码").tap()
    expect(page.locator(".heading")).to_contain_text("蓉城商贸双流仓")
    expect(page.locator("[data-counted]")).to_contain_text(f"{TINS} 罐", timeout=30_000)
    qin.look()
    page.get_by_role("button", name="收货").tap()
    expect(page.get_by_role("status").first).to_contain_text(f"{TINS}")
    assert qin.leave() == []
    browser.close()


def picture_of(link: str, chromium: Browser) -> bytes:
    """What the camera sees: the QR code of the label."""
    out = BytesIO()
    qrcode.make(link, image_factory=SvgPathImage).save(out)
    drawn = out.getvalue().decode().split("?>", 1)[1]
    page = chromium.new_page(viewport={"width": 640, "height": 480})
    drawn = drawn.replace("<svg ", '<svg style="width:420px;height:420px" ')
    page.set_content(f"<body style='background:#fff;display:grid;place-items:center'>{drawn}")
    seen = page.screenshot(type="jpeg", quality=90)
    page.close()
    return seen


def the_dealer_sends_cases_on(qin: Visitor, cases: list[str]) -> None:
    page = qin.page
    page.goto("/scan/ship/")
    for case in cases:
        read(page, case)
    expect(page.locator("[data-counted]")).to_contain_text(f"{2 * PER_CASE} 罐")
    read(page, cases[0])
    expect(page.locator("[data-lines]")).to_contain_text("已经扫过")
    page.locator("[name=to]").select_option(label="春熙路店")
    page.get_by_role("button", name="发货").tap()
    expect(page.get_by_role("status").first).to_contain_text(f"{2 * PER_CASE}")


def the_shop_takes_them_in(zhou: Visitor, cases: list[str], tins: list[list[str]]) -> None:
    page = zhou.page
    for where, codes, act in (
        ("receive", cases, "收货"),
        ("open", cases[:1], "拆好了"),
        ("move", [link for link, *_under in tins[:PER_CASE]], "上架"),
    ):
        page.goto(f"/scan/{where}/")
        for code in codes:
            read(page, code)
        expect(page.locator("[data-lines] li")).to_have_count(len(codes))
        zhou.look()
        page.get_by_role("button", name=act, exact=True).tap()
        expect(page.get_by_role("status").first).to_contain_text(f"{len(codes)}")


class Till:
    """A till that asks of each tin and says what it sold."""

    def __init__(self, shop: Shop) -> None:
        made = shop.run("token", "create", "--name", "till", "--role", "guide", "--store", "CX")
        assert made.returncode == 0, made.stderr
        self.shop, self.token = shop, made.stdout.split()[-1]

    def sell(self, code: str, member_no: str) -> tuple[int, str]:
        said = {"code": code, "store": "CX", "member_no": member_no, "document_no": "T-1"}
        request = urllib.request.Request(
            f"{self.shop.address}/api/v1/units/sale",
            data=json.dumps(said).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)["word"]
        except urllib.error.HTTPError as refused:
            return refused.code, str(json.load(refused)["code"])


def path_of(link: str) -> str:
    return re.sub(r"^https?://[^/]+", "", link)


def the_mother_looks_it_up_and_makes_it_hers(comes: Comes, shop: Shop, tin: str, lid: str) -> None:
    mother = comes()
    page = mother.page
    page.goto(path_of(tin))
    expect(page.locator("#state")).to_contain_text("第一次")
    for words in ("黑龙江双城", "喷雾干燥"):
        expect(page.locator("main")).to_contain_text(words)
    expect(page.locator("#papers")).to_contain_text("HJ-STORY-1")
    for city in ("哈尔滨", "成都 · 春熙路店"):
        expect(page.locator("svg.journey")).to_contain_text(city)
    mother.look()
    weight = page.evaluate(
        "performance.getEntries().reduce((sum, e) => sum + (e.transferSize || 0), 0)"
    )
    assert weight < 100_000, f"{weight} bytes"
    page.goto(path_of(lid))
    button = page.locator("#register button")
    expect(button).to_have_text("是的，这是我家宝宝的")
    expect(page.locator("#register input:visible")).to_have_count(0)
    mother.look()
    button.tap()
    expect(page.locator("#register")).to_contain_text("已登记给您家宝宝")
    mother.look()
    [owner] = shop.ask(
        "SELECT child_id, registered_at FROM trace_unitowner ORDER BY id DESC LIMIT 1"
    )
    assert owner["child_id"]
    assert owner["registered_at"]
    friend = comes(at="desk", language="en-US")
    friend.page.goto(path_of(tin))
    expect(friend.page.locator("#register")).to_contain_text("A family registered this tin")
    friend.look()


def head_office_calls_it_back(hq: Visitor) -> None:
    page = hq.page
    page.goto("/hq/recalls/new/?by=lot")
    page.locator("[name=lot]").fill(LOT)
    page.locator("button[name=look]").click()
    impact = page.locator("#impact")
    expect(impact).to_contain_text("蓉城母婴商贸")
    expect(impact).to_contain_text("春熙路店")
    expect(impact).to_contain_text(re.compile(r"用时? ?\d+|\d+ ?毫秒"))
    hq.look()
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=reason]").fill("实验室对该批次提出异议")
    page.locator("[name=advice]").fill("请先停用，保留罐子。")
    page.locator("button[name=declare]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.locator("main")).to_contain_text("24 小时")
    expect(page.locator("main")).to_contain_text("10 个工作日")
    expect(page.locator("[id^='family-']")).to_have_count(1)
    expect(page.locator("[id^='holding-']")).to_have_count(2)
    hq.look()


def the_guide_rings(shop: Shop, comes: Comes, buyer: dict[str, Any]) -> None:
    """The promise is on her phone by itself; a call that reached the family is the proof."""
    [owed] = shop.until(
        lambda: shop.ask(
            "SELECT p.id, s.username FROM promises_promise p JOIN people_staff s ON s.id = p.keeper_id"
            " WHERE p.kind = 'trace.recall' AND p.household_id = %s", buyer["family"],
        ),
        "the promise of a call",
    )  # fmt: skip
    guide = comes(owed["username"])
    page = guide.page
    page.goto("/")
    card = page.locator(f"#promise-{owed['id']}")
    expect(card).to_contain_text("召回")
    guide.look()
    card.get_by_role("link", name="打电话").tap()
    sheet = page.get_by_role("dialog")
    outcome(sheet, "reached").tap()
    sheet.get_by_role("button", name="完成").tap()
    expect(card).to_contain_text("已完成")
    shop.until(
        lambda: shop.ask(
            "SELECT 1 FROM trace_recallfamily WHERE household_id = %s AND told_at IS NOT NULL"
            " AND told_by = 'phone'", buyer["family"],
        ),
        "the proof that it was told",
    )  # fmt: skip


def the_mother_reads_of_it(comes: Comes, tin: str) -> None:
    for how in ({}, {"at": "desk", "language": "en-US"}):
        mother = comes(**how)
        mother.page.goto(path_of(tin))
        alarm = mother.page.locator("#state.alarm")
        expect(alarm).to_contain_text(TITLE)
        expect(alarm).to_contain_text("请先停用，保留罐子。")
        mother.look()


def every_tin_is_accounted_for(hq: Visitor) -> None:
    page = hq.page
    page.reload()
    expect(page.locator("[id^='family-']")).to_contain_text("电话")
    for n in range(2):
        row = page.locator("[id^='holding-']").nth(n)
        had = row.locator("td.num").first.inner_text()
        row.locator("summary").click()
        row.locator("[name=set_aside]").fill(had)
        row.get_by_role("button").click()
        expect(row.locator("td.num").nth(1)).to_have_text(had)
    family = page.locator("[id^='family-']").first
    family.locator("summary").click()
    family.locator("[name=returned]").fill("1")
    family.get_by_role("button", name="添加").click()
    expect(page.locator("main")).to_contain_text("100%")
    page.locator("#end [name=outcome]").fill("全部退回或封存")
    page.locator("#end button[value=close]").click()
    expect(page.locator("main")).to_contain_text("全部退回或封存")
    hq.look()
