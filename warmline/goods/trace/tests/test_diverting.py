"""Goods where they should not be, each rule with its evidence and with a case that it lets pass."""

from datetime import timedelta

import pytest
from django.db import connection

from warmline.base.clock import now
from warmline.goods.trace import diverting, gaps, knowing, suspects
from warmline.goods.trace.models import Event, Oddity, Party, Place, Redemption, ScanCount
from warmline.goods.trace.tests.conftest import event, gln, packed, sgtin, sscc, take_in

pytestmark = pytest.mark.django_db
TIN = sgtin("A1")


def at(day, hour=10):
    return f"2026-11-{day:02}T{hour:02}:00:00+08:00"


@pytest.fixture
def places():
    """A dealer in Zhejiang, another in Sichuan, and a shop."""
    made = {}
    for n, (name, area, city, lat, lon) in enumerate(
        [
            ("zhe", "3301", "杭州", 30.27, 120.15),
            ("chuan", "5101", "成都", 30.57, 104.06),
            ("shop", "3302", "宁波", 29.87, 121.54),
        ]
    ):
        party = Party.objects.create(
            uri=gln(70 + n).replace("/414/", "/417/"),
            name=name,
            sort="dealer",
            territory=["33"] if name == "zhe" else [],
        )
        made[name] = Place.objects.create(
            uri=gln(80 + n),
            name=name,
            city=city,
            area=area,
            latitude=lat,
            longitude=lon,
            party=party,
        )
    return made


def told(step, place, day, hour=10, **said):
    return event(
        epcList=[TIN], bizStep=step, eventTime=at(day, hour), readPoint={"id": place.uri}, **said
    )


def rules(*events):
    take_in(*events)
    first, last = (Event.objects.order_by(o).values_list("pk", flat=True)[0] for o in ("pk", "-pk"))
    diverting.look_at(first, last)
    return sorted(Oddity.objects.values_list("rule", flat=True))


def test_a_tin_outside_the_territory_of_its_dealer(places):
    assert rules(told("receiving", places["zhe"], 10), told("receiving", places["chuan"], 14)) == [
        "R1"
    ]
    odd = Oddity.objects.get()
    assert odd.party.name == "zhe"
    assert [stop["city"] for stop in odd.evidence["chain"]] == ["杭州", "成都"]


def test_within_the_territory_nothing_is_said(places):
    events = [
        told("receiving", places["zhe"], 10),
        told("receiving", places["shop"], 12),
        told("retail_selling", places["shop"], 13),
    ]
    assert rules(*events) == []


def test_received_by_somebody_it_was_not_sent_to(places):
    to = [{"type": "possessing_party", "destination": places["shop"].party.uri}]
    shipped = told("shipping", places["zhe"], 10, destinationList=to)
    assert rules(shipped, told("receiving", places["shop"], 12)) == []
    assert "R2" in rules(told("receiving", places["chuan"], 14))


def test_sold_where_it_was_never_received(places):
    assert rules(told("retail_selling", places["shop"], 13)) == ["R3"]


def test_faster_than_anything_drives(places):
    assert "R4" in rules(
        told("receiving", places["chuan"], 10, 10), told("receiving", places["shop"], 10, 11)
    )
    evidence = Oddity.objects.get(rule="R4").evidence
    assert 1_600 < evidence["km"] < 1_800


def test_read_again_after_it_was_sold(places):
    events = [
        told("receiving", places["shop"], 12),
        told("retail_selling", places["shop"], 13),
        told("stocking", places["shop"], 15),
    ]
    assert rules(*events) == ["R8"]


def test_a_tin_that_came_back_may_be_read_again(places):
    events = [
        told("receiving", places["shop"], 12),
        told("retail_selling", places["shop"], 13),
        told("receiving", places["shop"], 14, disposition="returned"),
        told("stocking", places["shop"], 15),
    ]
    assert rules(*events) == []


def test_looked_up_by_too_many_devices():
    take_in(event(epcList=[TIN]))
    unit = knowing.unit_named(TIN)
    for devices, rule in ((8, 0), (9, 1)):
        ScanCount.objects.update_or_create(
            pk=unit, defaults={"looks": 9, "devices": devices, "first_at": now(), "last_at": now()}
        )
        assert diverting.look_at_scans(unit) == rule


def test_one_cases_tins_in_too_many_cities(places):
    tins = [sgtin(f"B{n}") for n in range(4)]
    more = Place.objects.create(uri=gln(99), city="西安")
    take_in(packed(sscc(1), tins, at=at(9)), packed(sscc(1), None, action="DELETE", at=at(10)))
    spots = [*places.values(), more]
    for tin, place in zip(tins, spots, strict=True):
        take_in(
            event(
                epcList=[tin],
                bizStep="retail_selling",
                eventTime=at(15),
                readPoint={"id": place.uri},
            )
        )
    assert diverting.look_at_case(knowing.unit_named(tins[0])) == 1
    assert Oddity.objects.get(rule="R6").evidence["cities"] == ["宁波", "成都", "杭州", "西安"]


def test_opened_and_never_sold(families, places):
    take_in(told("receiving", places["zhe"], 10))
    unit = knowing.unit_named(TIN)
    one = Redemption.objects.create(unit_id=unit, household=families[0])
    assert diverting.look_at_redemption(one) == 1
    assert Oddity.objects.get(rule="R7").party.name == "zhe"


def test_a_dealer_is_named_by_its_share_and_not_by_one_tin(places):
    tins = [sgtin(f"C{n}") for n in range(40)]
    take_in(
        event(
            epcList=tins,
            eventTime=at(10),
            readPoint={"id": places["zhe"].uri},
            bizLocation={"id": places["zhe"].uri},
        )
    )
    since = now() - timedelta(days=60)
    for count, named in ((1, 0), (6, 1)):
        take_in(
            *[
                event(
                    epcList=[tin],
                    eventTime=at(14),
                    readPoint={"id": places["chuan"].uri},
                    eventID=f"urn:{count}:{tin[-3:]}",
                )
                for tin in tins[:count]
            ]
        )
        first, last = (
            Event.objects.order_by(o).values_list("pk", flat=True)[0] for o in ("pk", "-pk")
        )
        diverting.look_at(first, last)
        assert len(suspects.suspects(since=since)) == named


def test_what_was_sent_and_never_arrived(places):
    gone = told("shipping", places["zhe"], 1, disposition="in_transit")
    take_in(gone)
    assert len(gaps.shipped_never_received()) == 1
    take_in(told("receiving", places["shop"], 2, disposition="in_progress"))
    assert gaps.shipped_never_received() == []


def test_a_case_sent_on_from_its_pallet_is_missed_by_itself(places):
    case, pallet = sscc(1), sscc(2)
    sent = {"bizStep": "shipping", "disposition": "in_transit"}
    here = {"readPoint": {"id": places["zhe"].uri}}
    take_in(
        packed(case, [TIN], at=at(1, 8)),
        packed(pallet, [case], at=at(1, 9)),
        event(epcList=[pallet], eventTime=at(2), **sent, **here),
    )
    assert [u.unit_id for u in gaps.shipped_never_received()] == [knowing.unit_named(pallet)]
    take_in(
        event(epcList=[pallet], eventTime=at(3), disposition="in_progress", **here),
        event(epcList=[case], eventTime=at(4), **sent, **here),
    )
    assert [u.unit_id for u in gaps.shipped_never_received()] == [knowing.unit_named(case)]


def test_an_oddity_is_settled_by_a_person(places, django_user_model):
    rules(told("retail_selling", places["shop"], 13))
    hq = django_user_model.objects.create_user("hq", "long enough a word", name="总部", role="hq")
    odd = Oddity.objects.get()
    diverting.settle(odd, outcome="补录收货", by=hq)
    odd.refresh_from_db()
    assert (odd.status, odd.settled_by) == ("settled", hq)


def test_what_is_on_the_road_is_found_without_reading_every_tin():
    """Where each row is read for its own sake, the planner has the index that says where to look."""
    take_in(event(epcList=[TIN], bizStep="shipping", disposition="in_transit"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = gaps.on_the_road().explain()
    assert "Bitmap Index Scan" in plan
    assert "disposition_idx" in plan
