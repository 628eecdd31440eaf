"""A tin from its code to the family's shelf, and what is said of it on the way."""

from datetime import UTC, date, datetime, timedelta

import pytest

from warmline.base.clock import now
from warmline.goods.trace import batches, journeys, knowing, looking, recalled, selling, verdicts
from warmline.goods.trace.identity.keys import parse
from warmline.goods.trace.models import (
    CodeBatch,
    Event,
    Lot,
    Place,
    Recall,
    RecallScope,
    ScanCount,
    Unit,
    UnitOwner,
)
from warmline.goods.trace.tests.conftest import GTIN, event, gln, packed, sscc, take_in
from warmline.goods.trace.verdicts import Word

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(lot):
    made = batches.plan(lot, size=24)
    batches.activate(made, at=datetime(2026, 11, 1, tzinfo=UTC))
    return CodeBatch.objects.get(pk=made.pk)


@pytest.fixture
def tins(batch):
    return [uri for _n, uri in batches.codes(batch)]


@pytest.fixture
def tin(batch):
    return batch.base


def test_a_batch_of_codes_is_one_row_until_tins_are_made(lot):
    batch = batches.plan(lot, size=24_000)
    assert not Unit.objects.exists()
    uri = next(batches.codes(batch))[1]
    assert verdicts.of_code(uri)[1].word == Word.NOT_ACTIVE
    batches.activate(batch, upto=300)
    assert Unit.objects.count() == 300
    assert batches.activate(batch, upto=300) == 0
    assert verdicts.of_code(uri)[1].word == Word.GENUINE
    assert verdicts.verdict(batch.base + 300).word == Word.NOT_ACTIVE


def test_codes_and_units_lead_to_each_other(batch, tins):
    assert knowing.unit_named(tins[5]) == batch.base + 5
    assert knowing.names([batch.base + 5]) == {batch.base + 5: tins[5]}
    other = parse(tins[5]).uri.replace(GTIN, "06901234567908")
    assert knowing.unit_named(other) is None


def test_pallet_codes_are_arithmetic_too(lot):
    pallets = batches.plan(lot, size=10, level="pallet")
    more = batches.plan(lot, size=10, level="case")
    uris = [uri for _n, uri in batches.codes(pallets)] + [uri for _n, uri in batches.codes(more)]
    assert len(set(uris)) == 20
    assert knowing.unit_named(uris[13]) == more.base + 3
    assert all(parse(uri).kind == "sscc" for uri in uris)


def test_a_void_batch_is_no_product(batch, tin):
    with pytest.raises(Exception, match=r".+"):
        batch.void(" ")
    batch.void("印错了")
    assert verdicts.verdict(tin).word == Word.VOID


def test_a_tins_journey_holds_what_happened_to_its_case_while_it_was_inside(tins, tin):
    case, pallet = sscc(1), sscc(2)

    def ago(days):
        at = now() - timedelta(days=days)
        return at.isoformat(timespec="seconds").replace("+00:00", "Z")

    take_in(
        packed(case, tins[:6], at=ago(8)),
        packed(pallet, [case], at=ago(7)),
        event(epcList=[pallet], eventTime=ago(6), bizStep="shipping", readPoint={"id": gln(1)}),
        event(epcList=[pallet], eventTime=ago(5), bizStep="receiving", readPoint={"id": gln(2)}),
        packed(pallet, None, action="DELETE", at=ago(4)),
        event(epcList=[pallet], eventTime=ago(3), bizStep="shipping", readPoint={"id": gln(3)}),
        event(epcList=[case], eventTime=ago(2), bizStep="receiving", readPoint={"id": gln(4)}),
    )
    steps = journeys.journey(tin)
    assert [s.step for s in steps] == [
        "commissioning",
        "packing",
        "packing",
        "shipping",
        "receiving",
        "unpacking",
        "receiving",
    ]
    assert [s.depth for s in steps] == [0, 0, 1, 2, 2, 2, 1]
    assert journeys.held([tin])[tin].place.uri == gln(4)
    assert set(journeys.inside(knowing.unit_named(case))) >= {tin}
    assert journeys.journey(tin + 10)[-1].step == "commissioning"


def test_a_tin_is_sold_once_until_it_comes_back(tin, store, families):
    lin, zhou = families
    selling.sell(tin, store=store, household=lin, document_no="R-1")
    assert verdicts.verdict(tin).word == Word.SOLD
    with pytest.raises(selling.CannotSell) as refused:
        selling.sell(tin, store=store, household=zhou)
    assert refused.value.verdict.word == Word.SOLD
    selling.take_back(tin, store=store)
    selling.sell(tin, store=store, household=zhou)
    assert UnitOwner.objects.filter(unit_id=tin, returned_at__isnull=True).get().household == zhou


def test_no_event_says_who_bought_it(tin, store, families):
    from warmline.goods.trace import reading

    selling.sell(tin, store=store, household=families[0], document_no="R-1")
    told = str(reading.told(Event.objects.values_list("pk", flat=True)))
    assert "retail_selling" in told
    for hidden in ("林晓", "13912345678", f"household': {families[0].pk}"):
        assert hidden not in told


@pytest.mark.parametrize("why", [Word.EXPIRED, Word.RECALLED, Word.DESTROYED, Word.VOID])
def test_what_may_not_be_sold_is_refused_with_its_reason(why, batch, tins, tin, store, lot):
    match why:
        case Word.EXPIRED:
            Lot.objects.update(expires_on=date(2020, 1, 1))
        case Word.RECALLED:
            recall = Recall.objects.create(title="召回", reason="检测")
            RecallScope.objects.create(recall=recall, lot=lot)
        case Word.DESTROYED:
            take_in(
                event(
                    epcList=[tins[0]],
                    action="DELETE",
                    bizStep="destroying",
                    eventTime=now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                )
            )
        case Word.VOID:
            batch.void("被盗")
    with pytest.raises(selling.CannotSell) as refused:
        selling.sell(tin, store=store)
    assert refused.value.verdict.word == why
    assert refused.value.sentence
    assert not UnitOwner.objects.exists()


def test_a_run_of_codes_is_recalled_and_its_neighbours_are_not(tin, lot):
    recall = Recall.objects.create(title="召回", reason="检测")
    RecallScope.objects.create(recall=recall, first_unit=tin + 3, last_unit=tin + 5)
    words = verdicts.verdicts([tin + n for n in range(8)])
    assert [words[tin + n].word == Word.RECALLED for n in range(8)] == [
        n in (3, 4, 5) for n in range(8)
    ]


def test_of_several_recalls_a_tin_is_in_the_newest_whose_work_is_not_over(tin, lot):
    at_work = Recall.objects.create(title="召回", reason="封口")
    newer = Recall.objects.create(title="再召回", reason="检测")
    RecallScope.objects.create(recall=newer, lot=lot)
    RecallScope.objects.create(recall=at_work, first_unit=tin, last_unit=tin + 2)
    assert recalled.recall_of(tin) == newer
    Recall.objects.filter(pk=newer.pk).update(status="closed", outcome="都找回了")
    assert recalled.recall_of(tin) == at_work
    assert recalled.recall_of(tin + 3) == newer, "what is over is frozen still"


def test_a_drill_freezes_nothing(tin, lot):
    drill = Recall.objects.create(title="演练", reason="演练", is_drill=True)
    RecallScope.objects.create(recall=drill, lot=lot)
    assert verdicts.verdict(tin).word == Word.GENUINE


def test_a_family_says_that_it_has_the_tin(tin, store, families):
    lin, zhou = families
    child = lin.children.get()
    selling.sell(tin, store=store)
    owner = selling.register(tin, household=lin, child=child)
    assert (owner.household, owner.child, owner.registered_at is not None) == (lin, child, True)
    with pytest.raises(selling.CannotSell):
        selling.register(tin, household=zhou)


def parts(uri):
    """GTIN and serial of a tin's link."""
    gtin, _ai, serial = uri.split("/")[4:]
    return gtin, serial


def test_the_first_look_is_told_and_the_next_ones_are_counted(tins):
    gtin, serial = parts(tins[0])
    first = looking.look(gtin, serial, device=b"a" * 8, city="杭州")
    assert (first.is_first, first.looks) == (True, 1)
    same = looking.look(gtin, serial, device=b"a" * 8)
    assert (same.is_first, same.looks) == (False, 1)
    other = looking.look(gtin.lstrip("0"), serial.lower(), device=b"b" * 8)
    assert (other.looks, other.first_city) == (2, "杭州")
    assert "1" in other.sentence


def test_the_day_of_the_first_look_is_the_familys_own(tins, clock):
    gtin, serial = parts(tins[0])
    clock("2026-11-23T00:30:00+08:00")
    looking.look(gtin, serial, device=b"a" * 8)
    clock("2026-11-24T12:00:00+08:00")
    assert "2026-11-23" in looking.look(gtin, serial, device=b"b" * 8).sentence


def test_a_shops_reading_is_no_familys_look(tins):
    from warmline.goods.trace.models import Scan

    gtin, serial = parts(tins[0])
    looking.look(gtin, serial, actor=Scan.Actor.GUIDE)
    assert not ScanCount.objects.exists()
    assert looking.look(gtin, serial).is_first


def test_unknown_void_and_unused_codes_are_one_answer(batch, tins, lot):
    unused = batches.plan(lot, size=5)
    gtin, serial = parts(next(batches.codes(unused))[1])
    looks = [looking.look(gtin, serial), looking.look(gtin, "0" * 20), looking.look("123", "x")]
    batch.void("被盗")
    looks.append(looking.look(*parts(tins[0])))
    assert {(x.unit_id, x.verdict.word, x.looks) for x in looks} == {(None, Word.UNKNOWN, 0)}


def test_a_short_code_leads_to_its_tin(tins):
    gtin, serial = parts(tins[3])
    assert looking.of_short_code(serial.lower()) == (gtin, serial)
    assert looking.of_short_code("0" * 20) is None


def test_the_page_shows_cities_and_each_stop_once(tins, tin):
    Place.objects.create(uri=gln(7), name="一号仓", city="杭州")
    for day in (15, 16):
        take_in(
            event(
                epcList=[tins[0]],
                eventTime=f"2026-11-{day}T10:00:00+08:00",
                readPoint={"id": gln(7)},
            )
        )
    assert [s.step for s in looking.steps_for_families(tin)] == ["commissioning", "receiving"]


@pytest.mark.parametrize(
    ("address", "city"),
    [
        ("四川省成都市锦江区春熙路 1 号", "成都"),
        ("上海市黄浦区人民路 8 号", "上海"),
        ("广西壮族自治区南宁市青秀区", "南宁"),
        ("杭州市余杭区文一西路", "杭州"),
        ("人民路 8 号", ""),
        ("", ""),
    ],
)
def test_a_shop_is_in_the_city_of_its_address(address, city, store):
    store.address = address
    store.save()
    assert selling.place_of(store).city == city
