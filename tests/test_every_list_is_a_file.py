"""Every list of every door can be taken away as a file: whoever adds one without it hears of it here.

A page is a list unless it stands in NO_LIST with what it is instead.
"""

import csv
import io
import re
import zipfile
from datetime import date

import pytest
from django.urls import URLPattern, get_resolver, reverse

from warmline.core.people import joining
from warmline.core.people.models import Consent, DayOff, Reading, Region, Staff, Store, Token
from warmline.service.desk.models import Macro
from warmline.service.desk.receiving import Asker, receive

pytestmark = pytest.mark.django_db
NO_LIST = {
    "hq:desk-rules": "a form",
    "hq:desk-levels": "takes what the form of the rules says",
    "hq:desk-kind-new": "a form",
    "hq:desk-department-new": "a form",
    "hq:desk-cause-new": "a form",
    "hq:playbook-new": "a form",
    "hq:product-new": "a form",
    "hq:store-new": "a form",
    "hq:region-new": "a form",
    "hq:person-new": "a form",
    "hq:rules": "a form",
    "hq:lot-new": "a form",
    "hq:partner-new": "a form",
    "hq:recall-new": "a form",
    "hq:aside-retry": "a button",
    "hq:oddities-end": "a button",
    "agent:views": "keeps filters",
    "agent:bulk": "a button",
    "agent:find": "an answer to what was typed, in the inbox and in Families",
    "agent:macro-new": "a form",
    "guide:today": "her day: it is worked off, and printed",
    "guide:family-new": "a form",
    "guide:scan": "the camera",
    "guide:scan-receive": "the camera",
    "guide:scan-move": "the camera",
    "guide:scan-count": "the camera",
    "guide:scan-open": "the camera",
    "guide:scan-pack": "the camera",
    "guide:scan-ship": "the camera",
    "guide:scan-check": "the camera",
    "guide:me": "herself",
}
BEHIND_SCRIPTS = {"sw.js", "manifest.webmanifest"}


def pages(resolver=None, space=""):
    """The name of every page that needs nothing but its address."""
    for entry in (resolver or get_resolver()).url_patterns:
        if not isinstance(entry, URLPattern):
            yield from pages(entry, entry.namespace or space)
        elif space in ("hq", "agent", "guide") and not entry.pattern.converters and entry.name:
            yield f"{space}:{entry.name}"


LISTS = sorted(set(pages()) - set(NO_LIST))


@pytest.fixture
def store(clock):
    clock("2026-11-23T16:40:00+08:00")
    region = Region.objects.create(code="CX", name="川西大区")
    return Store.objects.create(code="CX", name="春熙路店", region=region)


@pytest.fixture
def zhou(store):
    return Staff.objects.create_user("zhou", "-", name="周洁", store=store, role="guide")


@pytest.fixture
def lin(zhou, store):
    return joining.join(
        store=store, by=zhou, name="林晓", phone="13812345678",
        babies=[joining.Baby(name="安安", born_on=date(2026, 7, 9))], consents=list(Consent.Purpose),
    )  # fmt: skip


@pytest.fixture
def case(lin, store):
    asker = Asker(name="林晓", phone="+8613812345678")
    told = {"channel": "web", "store": store, "asker": asker}
    return receive(**told, words="罐口没有封好", kind="quality").case


@pytest.fixture
def at(client):
    def at(role, store=None):
        staff, _made = Staff.objects.get_or_create(
            username=f"{role}1", defaults={"name": role, "role": role, "store": store}
        )
        client.force_login(staff)
        session = client.session
        session["second_factor"] = True
        session.save()
        return client

    return at


@pytest.fixture
def reader(at, store):
    """Who works with this page."""

    def reader(name):
        if name == "guide:cases":
            return at("manager", store)  # head office has the desk's
        return at("hq")

    return reader


def body_of(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def lines_of(answer):
    return list(csv.reader(io.StringIO(body_of(answer).decode("utf-8-sig"))))


def test_what_is_no_list_is_there():
    assert set(NO_LIST) <= set(pages())
    assert len(LISTS) > 30


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_a_file_too(reader, case, name):
    browser = reader(name)
    page = browser.get(reverse(name))
    assert page.status_code == 200
    links = re.findall(r'href="(\?[^"]*format=(csv|xlsx))"', page.content.decode())
    assert sorted(form for _link, form in links) == ["csv", "xlsx"], f"{name} has no file"
    for link, form in links:
        answer = browser.get(reverse(name) + link.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert re.search(rf'filename="[\w-]+\.{form}"', answer["Content-Disposition"])
        body = body_of(answer)
        if form == "xlsx":
            assert "xl/worksheets/sheet1.xml" in zipfile.ZipFile(io.BytesIO(body)).namelist()
        else:
            assert body.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", [x for x in LISTS if x.startswith("hq:")])
def test_a_file_of_head_office_is_nobody_elses(at, store, name):
    assert at("guide", store).get(reverse(name), {"format": "csv"}).status_code == 404


def test_a_guide_takes_away_what_she_sees_and_no_more(client, zhou, lin, store):
    other = Store.objects.create(code="JS", name="建设路店")
    joining.join(store=other, by=None, name="周敏", phone="13998765432", consents=[])
    client.force_login(zhou)
    heads, *lines = lines_of(client.get(reverse("guide:families"), {"format": "csv"}))
    assert [line[:4] for line in lines] == [[str(lin.pk), "林晓", "安安 4 个月 14 天", "5678"]]
    assert heads[-1] == "由谁导出"
    assert lines[0][-1].startswith("周洁 2026-11-23 16:40")
    read = Reading.objects.latest("pk")
    assert (read.purpose, read.households, read.fields) == (
        "guide:families", [lin.pk], ["child", "name"]
    )  # fmt: skip


def test_what_was_searched_for_is_in_the_file(client, zhou, lin, store):
    joining.join(store=store, by=zhou, name="陈雨", phone="13998765432", consents=[])
    client.force_login(zhou)
    page = client.get(reverse("guide:families"), {"q": "林晓"}).content.decode()
    (link,) = re.findall(r'href="(\?[^"]*format=csv)"', page)
    answer = client.get(reverse("guide:families") + link.replace("&amp;", "&"))
    assert [line[1] for line in lines_of(answer)[1:]] == ["林晓"]


def test_a_file_ends_where_it_says_so(client, zhou, lin, store, monkeypatch):
    joining.join(store=store, by=zhou, name="陈雨", phone="13998765432", consents=[])
    monkeypatch.setattr("warmline.doors.guide.families.TAKEN_MAX", 1)
    client.force_login(zhou)
    lines = lines_of(client.get(reverse("guide:families"), {"format": "csv"}))
    assert len(lines) == 3
    assert lines[-1] == ["这里只有前 1 行：请先筛选，再导出。"]


def test_a_cell_that_a_spreadsheet_would_run_is_disarmed(at, db):
    Macro.objects.create(title={"zh-hans": "=1+1"}, text={"zh-hans": "@SUM(A1)"})
    lines = lines_of(at("hq").get(reverse("agent:macros"), {"format": "csv"}))
    assert ["'=1+1", "'@SUM(A1)"] in [line[:2] for line in lines]


def test_a_tokens_secret_is_in_no_file(at, store):
    Token.issue(name="till", role="hq", store=None)
    lines = lines_of(at("hq").get(reverse("hq:tokens"), {"format": "csv"}))
    assert lines[1][0] == "till"
    assert not [cell for line in lines for cell in line if len(cell) > 20]


def test_asking_for_a_file_does_nothing_else(at, store):
    """A form that is sent with `?format=csv` in its address is answered as a form is."""
    said = {"name": "till", "role": "hq"}
    page = at("hq").post(reverse("hq:tokens") + "?format=csv", said).content.decode()
    assert "wl_" in page or Token.objects.get().name == "till"
    assert "<table" in page


def test_days_of_one_store_stand_beside_those_of_the_chain(at, store):
    DayOff.objects.create(on=date(2026, 12, 1), name="盘点", hours=[])
    DayOff.objects.create(
        on=date(2026, 12, 2), name="店庆", hours=[["09:00", "22:00"]], store=store
    )
    hq = at("hq")
    lines = lines_of(hq.get(reverse("hq:days"), {"format": "csv"}))[1:]
    assert [line[1:] for line in lines] == [
        ["全部门店", "盘点", "休息"],
        ["春熙路店", "店庆", "09:00–22:00"],
    ]
    page = hq.get(reverse("hq:days")).content.decode()
    assert page.count("恢复平常") == 1  # a store's own day is taken back on its own page


def test_stamps_of_a_file_are_on_the_readers_clock(at, lin, store, case):
    """The page was drawn on the store's clock, and its streamed file on the server's."""
    west = Store.objects.create(code="UQ", name="伦敦店", time_zone="Europe/London")
    told = {"channel": "web", "store": west, "asker": Asker(name="李", phone="+8613800000001")}
    receive(**told, words="没有封好", kind="quality")
    manager = at("manager", west)
    for form in ("csv", "xlsx"):
        body = body_of(manager.get(reverse("agent:inbox"), {"format": form}))
        if form == "xlsx":
            body = zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml")
        assert b"2026-11-23 08:40" in body
        assert b"2026-11-23 16:40" not in body
