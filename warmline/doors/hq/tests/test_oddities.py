"""The case board: what does not fit is seen on the map, taken up, and closed by a person with a word."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from warmline.base.clock import now
from warmline.core.people.models import Staff
from warmline.doors.hq.tests.test_pages import sign_in
from warmline.doors.hq.tile_map import tile_map
from warmline.goods.trace import diverting, suspects
from warmline.goods.trace.models import Event, Oddity, Party, Place, Post
from warmline.goods.trace.provinces import PROVINCES
from warmline.goods.trace.tests.conftest import (  # noqa: F401
    _nothing_remembered,
    event,
    gln,
    sgtin,
    take_in,
)


@pytest.fixture
def hq(client, db):
    return sign_in(client, "hq")


@pytest.fixture
def dealers(db):
    """One for Zhejiang, one for Sichuan."""
    made = {}
    for n, (name, area, city) in enumerate([("浙江商", "3301", "杭州"), ("川商", "5101", "成都")]):
        party = Party.objects.create(
            uri=gln(70 + n).replace("/414/", "/417/"),
            name=name,
            sort="dealer",
            territory=[area[:2]],
        )
        made[name] = Place.objects.create(
            uri=gln(80 + n), name=f"{name}仓", city=city, area=area, party=party
        )
    return made


def seen(place, tin, day):
    return event(
        epcList=[tin],
        eventTime=f"2026-11-{day:02}T10:00:00+08:00",
        readPoint={"id": place.uri},
        bizLocation={"id": place.uri},
    )


@pytest.fixture
def odd(dealers):
    """A tin of the Zhejiang dealer's that was received in Chengdu."""
    tin = sgtin("A1")
    take_in(seen(dealers["浙江商"], tin, 10), seen(dealers["川商"], tin, 14))
    first, last = (Event.objects.order_by(o).values_list("pk", flat=True)[0] for o in ("pk", "-pk"))
    diverting.look_at(first, last)
    return Oddity.objects.get()


def test_it_is_on_the_map_where_it_was_seen(hq, odd):
    tiles = {tile.code: tile for tile in tile_map(over=set()).tiles}
    assert len(tiles) == len(PROVINCES) == 34
    assert (tiles["51"].open, tiles["51"].state, tiles["33"].state) == (1, "soon", "")
    grave = {t.code: t for t in tile_map(over={odd.party_id}).tiles}
    assert grave["51"].state == "broken"
    page = hq.get(reverse("hq:oddities")).content.decode()
    assert "四川：1 条未了结" in page
    assert page.count("<rect") == 34
    table = page[page.index('id="map-table"') :]
    assert "四川" in table


def test_no_two_tiles_lie_on_each_other():
    assert len({(p.column, p.row) for p in PROVINCES.values()}) == len(PROVINCES)


def test_its_page_shows_the_evidence(hq, odd):
    page = hq.get(reverse("hq:oddity", args=[odd.pk])).content.decode()
    for words in ("R1", "杭州", "成都", "浙江商", "收货"):
        assert words in page


def test_taken_up_by_one_and_closed_with_a_word(hq, odd):
    assert hq.post(reverse("hq:oddity-keeper", args=[odd.pk])).status_code == 302
    assert hq.post(reverse("hq:oddity-keeper", args=[odd.pk])).status_code == 409
    end = reverse("hq:oddity-end", args=[odd.pk])
    assert hq.post(end, {"outcome": "  "}).status_code == 422
    assert hq.post(end, {"outcome": "调货没有登记，已补"}).status_code == 302
    odd.refresh_from_db()
    assert (odd.status, odd.outcome, odd.settled_by.username) == (
        "settled",
        "调货没有登记，已补",
        "hq1",
    )
    assert hq.post(end, {"outcome": "x"}).status_code == 409
    assert {t.code: t for t in tile_map(over=set()).tiles}["51"].state == "kept"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", 1),
        ("state=open", 1),
        ("state=settled", 0),
        ("state=all&rule=R1", 1),
        ("rule=R2", 0),
        ("province=51", 1),
        ("province=33", 0),
        ("party=0", 1),
        ("state=%01&rule=x", 1),
    ],
)
def test_the_list_is_filtered(hq, odd, asked, found):
    text = hq.get(reverse("hq:oddities") + f"?{asked}&format=csv").getvalue().decode("utf-8-sig")
    assert len(text.strip().splitlines()) - 1 == found


def test_head_office_sets_each_dealers_line(hq, odd, dealers):
    party = dealers["浙江商"].party
    where = reverse("hq:threshold", args=[party.pk])
    assert hq.post(where, {"threshold": "12.5"}).status_code == 302
    party.refresh_from_db()
    assert party.out_of_area_max == 0.125
    page = hq.get(reverse("hq:suspects")).content.decode()
    assert re.search(r'name="threshold"[^>]*value="12.5"', page)
    for wrong in ("-1", "101", "x", ""):
        refused = hq.post(where, {"threshold": wrong})
        assert refused.status_code == 422
        assert 'class="wrong"' in refused.content.decode()


def test_the_gaps_are_three(hq, dealers):
    take_in(
        event(
            epcList=[sgtin("S1")],
            bizStep="retail_selling",
            readPoint={"id": dealers["川商"].uri},
        ),
        event(
            epcList=[sgtin("S2")],
            bizStep="shipping",
            disposition="in_transit",
            eventTime="2026-10-01T10:00:00+08:00",
            readPoint={"id": dealers["川商"].uri},
        ),
    )
    first, last = (Event.objects.order_by(o).values_list("pk", flat=True)[0] for o in ("pk", "-pk"))
    diverting.look_at(first, last)
    page = hq.get(reverse("hq:gaps")).content.decode()
    assert "S1" in page
    assert "S2" in page


def test_a_partner_its_place_and_who_scans_there(hq):
    said = {
        "name": "蓉城商贸",
        "sort": "dealer",
        "threshold": "4",
        "provinces": ["51"],
        "narrower": "5001 5002",
    }
    assert hq.post(reverse("hq:partner-new"), said).status_code == 302
    party = Party.objects.get()
    assert (party.territory, party.out_of_area_max) == (["5001", "5002", "51"], 0.04)
    place = {"name": "一号库", "city": "成都", "area": "510100"}
    assert hq.post(reverse("hq:partner-places", args=[party.pk]), place).status_code == 302
    qin = Staff.objects.create_user("qin", "-", name="秦师傅", role="dealer")
    posts = reverse("hq:partner-posts", args=[party.pk])
    assert hq.post(posts, {"staff": qin.pk, "place": party.places.get().pk}).status_code == 302
    assert Post.objects.get().staff == qin
    page = hq.get(reverse("hq:partner", args=[party.pk])).content.decode()
    assert "秦师傅" in page
    end = reverse("hq:post-end", args=[party.pk, Post.objects.get().pk])
    assert hq.post(end).status_code == 302
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    "slip",
    [
        {"name": ""},
        {"gln": "6901234000023X"},
        {"gln": "6901234000024"},
        {"narrower": "51x"},
        {"narrower": "99"},
        {"threshold": "200"},
    ],
)
def test_a_slip_of_a_partner_is_said_at_its_field(hq, slip):
    said = {"name": "商", "sort": "dealer", "threshold": "4"} | slip
    page = hq.post(reverse("hq:partner-new"), said)
    assert page.status_code == 422
    assert 'class="wrong"' in page.content.decode()
    assert not Party.objects.exists()


@pytest.mark.parametrize("slip", [{"area": "999999"}, {"latitude": "30"}, {"gln": "12"}])
def test_a_slip_of_a_place_is_said_at_its_field(hq, dealers, slip):
    where = reverse("hq:partner-places", args=[dealers["川商"].party_id])
    page = hq.post(where, {"name": "库"} | slip)
    assert page.status_code == 422
    assert 'class="wrong"' in page.content.decode()


def test_who_works_in_a_store_scans_there(hq, dealers, django_user_model):
    from warmline.core.people.models import Store
    from warmline.goods.trace import partners

    store = Store.objects.create(code="CX", name="春熙路店")
    zhou = django_user_model.objects.create_user("zhou", "-", name="周洁", store=store)
    with pytest.raises(Exception, match=r".+"):
        partners.post(zhou, dealers["川商"])


def test_an_auditor_looks_and_closes_nothing(client, odd):
    auditor = sign_in(client, "auditor")
    assert auditor.get(reverse("hq:oddity", args=[odd.pk])).status_code == 200
    assert (
        auditor.post(reverse("hq:oddity-end", args=[odd.pk]), {"outcome": "x"}).status_code == 403
    )


def test_many_of_one_cause_are_closed_with_one_word(hq, odd):
    for n in range(3):
        Oddity.objects.create(rule="R1", unit_id=50 + n, party=odd.party, area="5101")
    other = Oddity.objects.create(rule="R2", unit_id=90, area="3301")
    board = reverse("hq:oddities")
    assert "一句话了结" not in hq.get(board).content.decode()
    assert "一句话了结" in hq.get(board + "?rule=R1").content.decode()
    end = reverse("hq:oddities-end")
    refused = hq.post(end + "?rule=R1", {"outcome": " "})
    assert refused.status_code == 422
    assert hq.post(end + "?rule=R1", {"outcome": "一车货调拨没登记"}).status_code == 302
    said = set(Oddity.objects.filter(rule="R1").values_list("status", "outcome"))
    assert said == {("settled", "一车货调拨没登记")}
    other.refresh_from_db()
    assert other.status == "open"


def test_what_a_dealer_handled_is_reckoned_from_the_latest(dealers, odd, monkeypatch):
    since = now() - timedelta(days=90)
    place = dealers["浙江商"]
    take_in(*[seen(place, sgtin(f"H{n}"), 11) | {"eventID": f"urn:h:{n}"} for n in range(7)])
    by_name = {one.party.name: one for one in suspects.dealers(since=since)}
    assert (by_name["浙江商"].elsewhere, by_name["浙江商"].handled) == (1, 8)
    assert by_name["川商"].handled is None
    monkeypatch.setattr(suspects, "EVENTS_MAX", 4)
    assert {o.party.name: o.handled for o in suspects.dealers(since=since)}["浙江商"] == 8


def test_a_dealer_who_says_only_where_it_read_handled_what_it_read(dealers, odd):
    """A share of all that it read, not of the few that turned up elsewhere."""
    place = dealers["浙江商"]
    read = [seen(place, sgtin(f"P{n}"), 11) | {"eventID": f"urn:p:{n}"} for n in range(5)]
    take_in(*[{k: v for k, v in told.items() if k != "bizLocation"} for told in read])
    by_name = {one.party.name: one for one in suspects.dealers(since=now() - timedelta(days=90))}
    assert by_name["浙江商"].handled == 6


def test_whose_goods_turned_up_is_listed_before_those_of_whom_nothing_is_known(
    dealers, odd, monkeypatch
):
    monkeypatch.setattr(suspects, "DEALERS_MAX", 1)
    listed = suspects.dealers(since=now() - timedelta(days=90))
    assert [one.party.name for one in listed] == ["浙江商"]
