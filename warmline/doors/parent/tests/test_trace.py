"""A mother scans the tin: what she reads, what she may do, and what nobody finds out by guessing."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from warmline.base.clock import now
from warmline.core.people.models import Store
from warmline.goods.trace import batches, recalls, scopes, selling
from warmline.goods.trace.identity import inner
from warmline.goods.trace.models import Certificate, CodeBatch, Lot, Place, Redemption, UnitOwner
from warmline.goods.trace.tests.conftest import (  # noqa: F401 a lot of milk and two families
    _nothing_remembered,
    event,
    families,
    gln,
    lot,
    store,
    take_in,
    tin_product,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(lot):  # noqa: F811
    made = batches.plan(lot, size=60)
    batches.activate(made, at=now() - timedelta(days=9))
    Certificate.objects.create(
        lot=lot, sort="inspection", number="GJ-2026-7", issuer="国检", issued_on="2026-10-05"
    )
    return CodeBatch.objects.get(pk=made.pk)


@pytest.fixture
def address(batch):
    (_n, uri) = next(batches.codes(batch))
    return uri.removeprefix("https://id.gs1.org")


def test_she_sees_where_it_comes_from_and_that_nobody_asked_before(client, address, batch):
    Place.objects.create(uri=gln(7), name="一号仓", city="杭州")
    uri = "https://id.gs1.org" + address
    take_in(event(epcList=[uri], eventTime="2026-11-20T10:00:00+08:00", readPoint={"id": gln(7)}))
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 200
    for said in ("三段", "L7", "黑龙江", "GJ-2026-7", "国检", "2028-09-30", "杭州", "<svg"):
        assert said in text
    assert "第一次" in text
    assert "第一次" not in client.get(address, HTTP_USER_AGENT="another").content.decode()
    assert len(page.content) < 30_000
    assert "set-cookie" not in {name.lower() for name in page.headers}


def test_in_english_too(client, address):
    text = client.get(address + "?lang=en").content.decode()
    assert "This is the first time" in text
    assert "Best before" in text


@pytest.mark.parametrize("spelt", ["/01/6901234567892/21/{}", "/01/06901234567892/10/L7/21/{}"])
def test_however_the_link_was_printed(client, address, spelt):
    serial = address.rsplit("/", 1)[1]
    for one in (serial, serial.lower()):
        assert client.get(spelt.format(one)).status_code == 200


def test_a_short_code_leads_there(client, address):
    answer = client.get("/t/" + address.rsplit("/", 1)[1].lower())
    assert (answer.status_code, answer["Location"]) == (302, address)


def test_unknown_void_and_unused_are_one_page(client, address, batch, lot):  # noqa: F811
    unused = batches.plan(lot, size=5)
    never = next(batches.codes(unused))[1].removeprefix("https://id.gs1.org")
    batch.void("被盗")
    short = ["/t/" + serial[-20:] for serial in (address, never, "0" * 20)]
    pages = [client.get(a) for a in (address, never, address[:-20] + "0" * 20, *short)]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert "不等于" in pages[0].content.decode() or "不一定" in pages[0].content.decode()


@pytest.mark.parametrize("way", ["whole", "short"])
def test_unknown_void_and_unused_take_as_long(
    client,
    batch,
    lot,  # noqa: F811
    way,
    django_capture_on_commit_callbacks,
):
    """As many questions to the database for each: time tells a guesser nothing (G15)."""
    void, unused = batches.plan(lot, size=2), batches.plan(lot, size=2)
    batches.activate(void)
    CodeBatch.objects.get(pk=void.pk).void("印错了")
    asked = {}
    for name, uri in (
        ("void", next(batches.codes(void))[1]),
        ("unused", next(batches.codes(unused))[1]),
        ("unknown", f"https://id.gs1.org/01/{lot.gtin}/21/0123456789ABCDEFGHJK"),
    ):
        path = uri.removeprefix("https://id.gs1.org")
        if way == "short":
            path = f"/t/{uri.rsplit('/', 1)[1]}"
        with django_capture_on_commit_callbacks(execute=True):
            client.get(path)  # what is remembered of a batch is remembered by now
        with CaptureQueriesContext(connection) as said:
            assert client.get(path).status_code == 404
        asked[name] = len(said)
    assert len(set(asked.values())) == 1, asked


@pytest.mark.parametrize("path", ["/01/06901234567893/21/A", "/01/123/21/A", "/01/x/21/A"])
def test_a_code_with_a_slip_is_no_page(client, path):
    assert client.get(path).status_code == 400


def test_who_guesses_waits(client, address):
    for n in range(30):
        assert client.get(address[:-20] + f"{n:020d}").status_code == 404
    slow = client.get(address)
    assert slow.status_code == 429
    assert slow["Retry-After"]
    assert client.get(address, REMOTE_ADDR="203.0.113.9").status_code == 200


def test_a_recall_is_the_first_thing_she_reads(client, address):
    recalls.declare(
        scopes.of_lots(Lot.objects.all()), title="三段 L7", reason="x", advice="留着罐子"
    )
    text = client.get(address).content.decode()
    assert "召回" in text
    assert "留着罐子" in text


def test_the_code_under_the_lid_binds_it_to_her_baby_once(client, address, batch, families):  # noqa: F811
    lin, zhou = families
    code = inner.write(batch.base)
    form = {"member": "139 1234 5678", "inner": code.lower()}
    page = client.post(address, form)
    assert page.status_code == 200, page.content.decode()
    owner = UnitOwner.objects.get()
    assert (owner.household, owner.child) == (lin, lin.children.get())
    assert Redemption.objects.count() == 1
    again = client.post(address, {"member": "13812344321", "inner": code})
    assert again.status_code == 422
    assert UnitOwner.objects.get().household == lin
    assert "林" not in again.content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {"member": "13912345678", "inner": "0" * 26},
        {"member": "13912345678", "inner": ""},
        {"member": "nobody", "inner": "right"},
        {"member": "13912345678", "inner": "other"},
    ],
)
def test_a_wrong_code_or_number_says_the_same(client, address, batch, families, form):  # noqa: F811
    spelt = {"right": inner.write(batch.base), "other": inner.write(batch.base + 1)}
    page = client.post(address, form | {"inner": spelt.get(form["inner"], form["inner"])})
    assert page.status_code == 422
    assert not UnitOwner.objects.exists()


def test_a_tin_that_another_family_bought_is_not_hers(client, address, batch, store, families):  # noqa: F811
    lin, zhou = families
    selling.sell(batch.base, store=store, household=zhou)
    page = client.post(address, {"member": "13912345678", "inner": inner.write(batch.base)})
    assert page.status_code == 422
    assert "周" not in page.content.decode()


def test_a_resolver_answers_with_links(client, address):
    for answer in (
        client.get(address, {"linkType": "all"}),
        client.get(address, HTTP_ACCEPT="application/linkset+json"),
    ):
        assert answer["Content-Type"] == "application/linkset+json"
        (links,) = answer.json()["linkset"]
        assert links["anchor"].startswith("https://id.gs1.org/01/")
        assert "https://gs1.org/voc/traceability" in links
    sent = client.get(address, {"linkType": "gs1:certificationInfo", "x": "1"})
    assert sent.status_code == 307
    assert sent["Location"].endswith("?x=1#papers")
    assert 'rel="linkset"' in sent["Link"]
    assert client.get(address, {"linkType": "gs1:nothing"}).status_code == 404
    assert client.options(address)["Access-Control-Allow-Origin"] == "*"
    assert client.head(address).status_code == 200
    said = client.get("/.well-known/gs1resolver").json()
    assert said["supportedPrimaryKeys"] == ["01"]


def test_inner_codes_are_128_bits_and_lead_to_their_tin(batch):
    codes = {inner.write(batch.base + n) for n in range(60)}
    assert len(codes) == 60
    assert all(len(code) == 26 for code in codes)
    assert inner.read(" " + inner.write(batch.base + 7).lower()) == batch.base + 7
    changed = inner.write(batch.base)
    assert inner.read(("1" if changed[0] != "1" else "2") + changed[1:]) is None
    assert inner.read("李" * 26) is None


def test_the_next_tin_takes_one_tap_on_her_phone(client, address, batch, store, families):  # noqa: F811
    lin, _zhou = families
    client.post(address, {"member": "13912345678", "inner": inner.write(batch.base)})
    assert client.cookies["family"]["httponly"]
    assert client.cookies["family"]["samesite"] == "Lax"
    second = batch.base + 1
    selling.sell(second, store=store, household=lin)
    where = dict(batches.codes(batch))[1].removeprefix("https://id.gs1.org")
    page = client.get(where).content.decode()
    assert 'name="way" value="phone"' in page
    assert 'name="inner"' not in page
    assert client.post(where, {"way": "phone"}).status_code == 200
    owner = UnitOwner.objects.get(unit_id=second)
    assert (owner.child, bool(owner.registered_at)) == (lin.children.get(), True)
    assert "已登记给您家宝宝" in client.get(where).content.decode()


def test_another_site_another_family_or_a_forged_phone_taps_for_nothing(
    client,
    address,
    batch,
    store,  # noqa: F811
    families,  # noqa: F811
):
    lin, zhou = families
    client.post(address, {"member": "13912345678", "inner": inner.write(batch.base)})
    where = dict(batches.codes(batch))[1].removeprefix("https://id.gs1.org")
    selling.sell(batch.base + 1, store=store, household=zhou)
    assert client.post(where, {"way": "phone"}).status_code == 422
    third = dict(batches.codes(batch))[2].removeprefix("https://id.gs1.org")
    selling.sell(batch.base + 2, store=store, household=lin)
    strange = client.post(third, {"way": "phone"}, headers={"Origin": "https://else.example"})
    assert strange.status_code == 422
    client.cookies["family"] = str(lin.pk)
    assert client.post(third, {"way": "phone"}).status_code == 422
    assert not UnitOwner.objects.filter(unit_id=batch.base + 2, registered_at__isnull=False)


def test_the_code_under_the_lid_is_enough_if_the_till_knows_whose_it_is(
    client,
    address,
    batch,
    store,  # noqa: F811
    families,  # noqa: F811
):
    lin, _zhou = families
    lid = inner.write(batch.base)
    assert 'name="member"' in client.get(f"{address}?lid={lid}").content.decode()
    selling.sell(batch.base, store=store, household=lin)
    page = client.get(f"{address}?lid={lid}").content.decode()
    assert 'name="way" value="lid"' in page
    assert 'name="member"' not in page
    wrong = client.get(f"{address}?lid={inner.write(batch.base + 1)}").content.decode()
    assert 'name="way"' not in wrong
    assert client.post(address, {"way": "lid", "inner": "0" * 26}).status_code == 422
    assert client.post(address, {"way": "lid", "inner": lid}).status_code == 200
    assert UnitOwner.objects.get().registered_at


def test_who_comes_later_reads_the_day_and_no_name(client, address, batch, families):  # noqa: F811
    client.post(address, {"member": "13912345678", "inner": inner.write(batch.base)})
    client.cookies.clear()
    page = client.get(address).content.decode()
    assert "已由一个家庭登记" in page
    assert "林" not in page
    assert "<form" not in page


def test_looks_of_shops_are_told_apart_and_often_is_a_warning(client, address, batch):
    from warmline.goods.trace import looking
    from warmline.goods.trace.models import Oddity, Scan

    _empty, _01, gtin, _21, serial = address.split("/")
    for n in range(20):
        looking.look(gtin, serial, device=b"%08d" % n, actor=Scan.Actor.GUIDE)
    assert "第一次" in client.get(address).content.decode()
    for n in range(9):
        client.get(address, HTTP_USER_AGENT=f"phone {n}")
    assert Oddity.objects.get().rule == "R5"
    assert "先问一下门店" in client.get(address, HTTP_USER_AGENT="x").content.decode()


def test_what_came_from_abroad_shows_its_documents(client, address, batch, lot):  # noqa: F811
    lot.story["import"] = {"port": "上海洋山港", "country": "新西兰", "entered_on": "2026-09-01"}
    lot.save()
    page = client.get(address).content.decode()
    assert page.index("新西兰") < page.index("上海洋山港") < page.index("2026-09-01")
    assert "Port of entry" in client.get(address + "?lang=en").content.decode()


def test_a_recalled_tin_says_where_to_take_it(client, address, batch, store):  # noqa: F811
    store.phone = "028-1234567"
    store.save()
    recalls.declare(scopes.of_lots(Lot.objects.all()), title="三段 L7", reason="x")
    page = client.get(address).content.decode()
    assert "tel:028-1234567" in page
    assert 'id="register"' not in page


def test_the_page_needs_no_script_and_stays_light(client, address):
    page = client.get(address).content
    assert b"<script" not in page
    assert b"style=" not in page
    assert len(page) < 30_000


OLD_TAGS = frozenset(
    "a b body br button circle details div ellipse footer form h1 h2 head html input label li link"
    " main meta ol p path rect section span summary svg text title ul".split()
)
OLD_PROPERTIES = frozenset(
    "-webkit-text-size-adjust background border border-color border-left border-radius border-top"
    " bottom box-sizing clip color content counter-increment counter-reset display fill float font"
    " font-family font-size font-weight height left letter-spacing line-height list-style margin"
    " margin-left margin-top max-width min-height outline outline-color outline-offset overflow"
    " padding padding-bottom padding-left padding-top position right stroke stroke-dasharray"
    " stroke-linecap stroke-linejoin stroke-width text-align text-decoration top vertical-align"
    " white-space width word-break".split()
)


@pytest.fixture
def whole_page(client, address, batch, lot, store):  # noqa: F811
    """All that a page can hold: milk, steps, an import, papers, a road, a form."""
    lot.made_at = "黑龙江省哈尔滨市双城区 · 双城工厂"
    lot.story = {
        "materials": [{"name": "生牛乳", "origin": "黑龙江双城", "maker": "青林牧场", "lot": "M1"}]
        * 6,
        "steps": [{"name": "喷雾干燥", "at": "10-02 下午", "note": "全程 4 ℃ 以下"}] * 8,
        "import": {"country": "新西兰", "port": "上海洋山港", "importer": "初屿贸易"},
    }
    lot.save()
    for n in range(6):
        Certificate.objects.create(
            lot=lot,
            sort="origin",
            number=f"CD-{n}",
            issuer="动物卫生监督所",
            issued_on="2026-10-05",
        )
    uri = "https://id.gs1.org" + address
    for n, city in enumerate(("哈尔滨", "成都", "重庆", "西安", "兰州")):
        Place.objects.create(uri=gln(n + 1), name=f"{city}仓", city=city)
        take_in(
            event(
                epcList=[uri],
                eventTime=f"2026-11-2{n}T10:00:00+08:00",
                readPoint={"id": gln(n + 1)},
            )
        )
    return client.get(address).content.decode()


def sheet_of_the_page():
    return Path(finders.find("parent/trace.css")).read_text()


def test_the_whole_page_weighs_little(whole_page):
    """Not pressed, with its style sheet and its icon: a fifth of what issue 4 allows."""
    icon = Path(finders.find("look/icon.svg")).read_bytes()
    weight = len(whole_page.encode()) + len(sheet_of_the_page().encode()) + len(icon)
    assert 10_000 < weight < 25_000
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', whole_page)
    assert len(loaded) == 2, "a style sheet and an icon, and nothing else"


def test_an_old_web_view_can_draw_the_page(whole_page):
    """WeChat's own view of old telephones is a Chrome of 2015 to 2019: nothing newer is used. What it
    does not know of `prefers-color-scheme` it leaves out as a whole, and stays light."""
    used = set(re.findall(r"<([a-z][a-z0-9]*)", whole_page))
    assert used <= OLD_TAGS, used - OLD_TAGS
    css = re.sub(r"/\*.*?\*/", "", sheet_of_the_page(), flags=re.S)
    assert re.findall(r"@[\w-]+[^{]*", css) == ["@media (prefers-color-scheme: dark) "]
    properties = set(re.findall(r"[{;]\s*([a-z-]+)\s*:", css))
    assert properties <= OLD_PROPERTIES, properties - OLD_PROPERTIES
    assert set(re.findall(r"([\w-]+)\(", css)) <= {"linear-gradient", "counter", "rect"}
    assert set(re.findall(r"\w(::?[a-z-]+)(?=[\s,{])", css)) <= {
        "::after", "::before", ":first-child", ":focus", ":last-child",
    }  # fmt: skip
    assert not re.search(r"\d(?:dvh|svh|lvh|cqw|lh)\b|[&~]|--\w", css)


def test_an_expired_tin_says_since_when_and_whom_to_ring(client, address, lot, store):  # noqa: F811
    Store.objects.update(phone="028-1234567")
    Lot.objects.update(expires_on="2026-01-04")
    page = client.get(address).content.decode()
    assert "2026-01-04" in page
    alarm = page[page.index('id="state"') : page.index("</section>")]
    assert "不要再食用" in alarm
    assert "tel:028-1234567" in alarm
    assert 'id="register"' not in page, "what is past its day is nobody's to feed"
    assert "还有" not in page, "no time is left"


def test_what_is_looked_up_often_is_no_green_tick(client, address):
    for n in range(6):
        page = client.get(address, HTTP_USER_AGENT=f"phone {n}").content.decode()
        assert ('class="seal doubt"' in page) == (n >= 4)
