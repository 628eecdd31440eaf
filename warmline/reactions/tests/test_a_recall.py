"""A week after the sale the lab objects: who has it is known at once, and every family is told."""

from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError

from warmline.base.clock import CHINA, now, today
from warmline.core.contacts.gates import check, quiet_until
from warmline.core.contacts.models import Budget, Message, Purpose, QuietHours
from warmline.core.journal.models import Entry
from warmline.core.journal.reacting import react_once
from warmline.core.journal.workers import Shift
from warmline.core.people.models import Staff
from warmline.core.promises.models import Promise
from warmline.goods.trace import batches, recalls, scopes, selling, verdicts
from warmline.goods.trace.models import (
    CodeBatch,
    Event,
    Lot,
    Oddity,
    Place,
    Recall,
    RecallFamily,
    UnitOwner,
)
from warmline.goods.trace.tests.conftest import (  # noqa: F401 fixtures
    _nothing_remembered,
    event,
    families,
    gln,
    lot,
    packed,
    sscc,
    store,
    take_in,
    tin_product,
)
from warmline.goods.trace.verdicts import Word
from warmline.service.care import still_open
from warmline.service.care.models import RunOut

pytestmark = pytest.mark.django_db


def react():
    with Shift("react") as shift:
        for _n in range(20):
            if not react_once(shift):
                return


@pytest.fixture
def shipped(lot):  # noqa: F811
    """24 tins in four cases on a pallet, at the dealer's; one case went on to the shop."""
    made = batches.plan(lot, size=24)
    at = now() - timedelta(days=20)
    batches.activate(made, at=at)
    batch = CodeBatch.objects.get(pk=made.pk)
    tins = [uri for _n, uri in batches.codes(batch)]

    def when(days):
        return (at + timedelta(days=days)).isoformat(timespec="seconds").replace("+00:00", "Z")

    Place.objects.create(uri=gln(50), name="经销商仓", city="杭州")
    Place.objects.create(uri=gln(60), name="人民路店", city="上海")
    cases = [sscc(n) for n in range(1, 5)]
    take_in(*[packed(cases[n], tins[6 * n : 6 * n + 6], at=when(1)) for n in range(4)])
    take_in(
        packed(sscc(9), cases, at=when(2)),
        event(epcList=[sscc(9)], eventTime=when(3), readPoint={"id": gln(50)}),
        packed(sscc(9), cases[:1], action="DELETE", at=when(4), readPoint={"id": gln(50)}),
        event(epcList=[cases[0]], eventTime=when(5), readPoint={"id": gln(60)}),
        packed(cases[0], None, action="DELETE", at=when(6), readPoint={"id": gln(60)}),
    )
    assert not Oddity.objects.exists()
    return batch


@pytest.fixture
def sold(shipped, store, families):  # noqa: F811
    """Lin bought two a week ago and feeds of them; Zhou one long ago."""
    lin, zhou = families
    for n in (0, 1):
        selling.sell(shipped.base + n, store=store, household=lin, at=now() - timedelta(days=7))
    selling.sell(shipped.base + 2, store=store, household=zhou, at=now() - timedelta(days=13))
    react()  # what joining set going is done: the forecasts below stay as they are
    category = Lot.objects.get().product.category
    day = today()
    for family, days in ((lin, 7), (zhou, 2)):
        RunOut.objects.update_or_create(
            household=family,
            category=category,
            defaults={
                "store": store,
                "last_on": day - timedelta(days=days),
                "p10_on": day + timedelta(days=5),
                "p50_on": day + timedelta(days=8),
                "p90_on": day + timedelta(days=12),
            },
        )
    return shipped


def declare(**said):
    plain = {"title": "三段 900g L7", "reason": "抽检指标不符", "advice": "请先停用，留着罐子。"}
    return recalls.declare(scopes.of_lots(Lot.objects.all()), **(plain | said))


def test_who_has_it_is_known_at_once(sold):
    found = recalls.impact(scopes.of_lots(Lot.objects.all()))
    assert (found.units, found.sold) == (24, 3)
    assert sorted((one.place.city, one.units) for one in found.stock) == [("上海", 3), ("杭州", 18)]
    assert sorted(len(b.units) for b in found.buyers) == [1, 2]


def test_from_the_declaration_on_nothing_of_it_is_sold(sold, store):  # noqa: F811
    declare()
    with pytest.raises(selling.CannotSell) as refused:
        selling.sell(sold.base + 5, store=store)
    assert refused.value.verdict.word == Word.RECALLED


def test_families_are_ranked_rung_and_texted_and_the_call_is_the_proof(sold, families):  # noqa: F811
    lin, zhou = families
    recall = declare()
    react()
    ranked = list(recall.families.order_by("-chance_open"))
    assert [f.household for f in ranked] == [lin, zhou]
    assert ranked[0].chance_open > 0.9
    assert ranked[1].chance_open < 0.3
    calls = Promise.objects.filter(kind="trace.recall")
    assert {p.household for p in calls} == {lin, zhou}
    assert {p.purpose for p in calls} == {"recall"}
    assert Message.objects.filter(purpose="recall").count() == 2
    assert "停用" in Message.objects.filter(purpose="recall")[0].text
    calls.get(household=lin).keep()
    react()
    told = RecallFamily.objects.get(household=lin)
    assert (told.told_by, told.told_at is not None) == ("phone", True)
    assert RecallFamily.objects.get(household=zhou).told_at is None


def test_a_tin_of_one_in_the_morning_was_bought_on_that_day(sold, families):  # noqa: F811
    """It is her last one, by the shop's clock, and probably open; by another it would be an older one."""
    recall = declare(is_drill=True)
    lin = recall.families.filter(household=families[0])
    lin.update(last_sold_at=datetime.combine(today() - timedelta(days=7), time(1), CHINA))
    still_open.rank(recall)
    assert lin.get().chance_open > 0.9


def test_a_drill_counts_and_tells_nobody(sold, store):  # noqa: F811
    recall = declare(is_drill=True)
    react()
    assert recall.families.filter(chance_open__gt=0).count() == 2
    assert not Promise.objects.filter(kind="trace.recall").exists()
    assert not Message.objects.exists()
    assert verdicts.verdict(sold.base + 5).may_be_sold


def test_it_is_over_when_every_tin_is_accounted_for(sold):
    recall = declare()
    assert recalls.effect(recall).share == 0
    for holding in recall.holdings.all():
        recalls.confirm(holding, set_aside=holding.stock, destroyed=holding.stock)
    for family in recall.families.all():
        recalls.account(family, returned=len(family.units))
        with pytest.raises(ValidationError):
            recalls.account(family, returned=1)
    effect = recalls.effect(recall)
    assert (effect.share, effect.stock, effect.sold, effect.destroyed) == (1.0, 21, 3, 21)
    with pytest.raises(ValidationError):
        recalls.close(recall, outcome=" ")
    recalls.close(recall, outcome="全部收回")


def test_closing_ends_the_work_and_not_the_freeze(sold):
    recall, qin = declare(), Staff.objects.create(username="qin", name="秦岚", role="hq")
    recalls.close(recall, outcome="还差三罐，家里没人接电话", by=qin)
    assert Entry.objects.get(kind="trace.recall_closed").by_id == qin.pk
    assert verdicts.verdict(sold.base + 5).word == Word.RECALLED


def test_a_false_alarm_is_taken_back(sold, store):  # noqa: F811
    recall = declare()
    recalls.withdraw(recall, outcome="复检合格")
    assert verdicts.verdict(sold.base + 5).may_be_sold
    words = list(Event.objects.filter(facts__has_key="unset").values_list("facts", flat=True))
    assert len(words) == 1


def test_a_pallet_is_called_back_with_all_that_is_in_it(sold):
    scope = scopes.of_container(sscc(9))
    assert recalls.impact(scope).units == 18
    recalls.declare(scope, title="整托", reason="受潮")
    assert verdicts.verdict(sold.base + 23).word == Word.RECALLED
    assert verdicts.verdict(sold.base + 5).word == Word.GENUINE


def test_a_pallet_is_called_back_with_what_was_taken_off_it_too(sold):
    """It got wet on the road: the case that went on to the shop had stood on it as well."""
    scope = scopes.of_container(sscc(9), taken_out=True)
    assert recalls.impact(scope).units == 24
    recalls.declare(scope, title="整托", reason="受潮")
    assert verdicts.verdict(sold.base + 5).word == Word.RECALLED


def test_a_run_of_codes_is_called_back(sold):
    tins = [uri for _n, uri in batches.codes(sold)]
    scope = scopes.of_codes(tins[3], tins[5])
    assert recalls.impact(scope).units == 3


def test_a_suppliers_lot_is_followed_into_ours(sold):
    milk = "https://id.gs1.org/01/06901234000016/10/MILK1"
    whey = "https://id.gs1.org/01/06901234000023/10/WHEY1"
    ours = f"https://id.gs1.org/01/{Lot.objects.get().gtin}/10/L7"

    def made(of, into):
        return {
            "type": "TransformationEvent",
            "eventTime": "2026-10-01T10:00:00+08:00",
            "eventTimeZoneOffset": "+08:00",
            "inputQuantityList": [{"epcClass": of, "quantity": 10, "uom": "KGM"}],
            "outputQuantityList": [{"epcClass": into, "quantity": 10, "uom": "KGM"}],
            "bizStep": "commissioning",
        }

    take_in(made(milk, whey), made(whey, ours))
    scope = scopes.of_material(milk)
    assert set(scope.lots) >= {Lot.objects.get(number="L7").pk}
    assert recalls.impact(scope).units == 24
    with pytest.raises(ValidationError):
        recalls.declare(
            scopes.of_material("https://id.gs1.org/01/06901234000030"), title="x", reason="y"
        )


def test_the_clock_runs_from_when_it_was_known(sold):
    for level, hours in ((1, 24), (2, 48), (3, 72)):
        known = now() - timedelta(hours=3)
        recall = declare(level=level, known_at=known, is_drill=True)
        assert recall.begin_by == known + timedelta(hours=hours)
    assert Recall.objects.count() == 3
    assert Entry.objects.filter(kind="trace.recall_declared").count() == 3


def test_every_tin_is_counted_once_also_those_of_buyers_without_a_name(sold, store, families):  # noqa: F811
    """Six are on the shop's shelf: one goes to nobody known, one a family registers by its lid alone."""
    lin, _zhou = families
    selling.sell(sold.base + 3, store=store)
    selling.register(sold.base + 4, household=lin)
    recall = declare()
    found = recalls.effect(recall)
    assert (found.stock, found.sold, found.strangers) == (19, 4, 1)
    assert recall.units == found.stock + found.sold + found.strangers == 24
    for holding in recall.holdings.all():
        recalls.confirm(holding, set_aside=holding.stock)
    for family in recall.families.all():
        recalls.account(family, used_up=len(family.units))
    assert recalls.effect(recall).share < 1, "one tin is out there that nobody has seen again"
    with pytest.raises(ValidationError):
        recalls.account_for_strangers(recall, back=2)
    recalls.account_for_strangers(recall, back=1)
    assert recalls.effect(recall).share == 1


def test_what_comes_back_over_the_till_counts_by_itself_and_once(sold, store, families):  # noqa: F811
    lin, _zhou = families
    selling.sell(sold.base + 3, store=store)
    recall = declare()
    for n in (0, 3):
        selling.take_back(sold.base + n, store=store)
    react()
    assert recall.families.get(household=lin).returned == 1
    assert recalls.effect(recall).strangers_back == 1
    recalls.account(recall.families.get(household=lin), returned=1)
    selling.take_back(sold.base + 1, store=store)
    react()
    assert recall.families.get(household=lin).returned == 2, (
        "written down before: not a second time"
    )


def test_who_registers_a_recalled_tin_is_rung_like_everybody(sold, store, families):  # noqa: F811
    """Bought without a name before the recall; she reads of it on the tin's page and says she has it."""
    _lin, zhou = families
    selling.take_back(sold.base + 2, store=store)
    selling.sell(sold.base + 3, store=store)
    recall = declare()
    react()
    assert recalls.effect(recall).strangers == 1
    assert not recall.families.filter(household=zhou)
    selling.register(sold.base + 3, household=zhou)
    react()
    assert recall.families.get(household=zhou).units == [sold.base + 3]
    assert Promise.objects.filter(kind="trace.recall", household=zhou).count() == 1
    assert Message.objects.filter(purpose="recall", household=zhou).count() == 1
    effect = recalls.effect(recall)
    assert (effect.strangers, effect.sold) == (0, 3)


def test_what_a_till_sold_without_a_network_is_told_late_and_rung(sold, store, families):  # noqa: F811
    """The tin has gone home: refusing to write it down would only hide who has it."""
    _lin, zhou = families
    selling.take_back(sold.base + 2, store=store)
    store_has(store, 3)
    recall = declare()
    react()
    whole = recalls.effect(recall).stock + recalls.effect(recall).sold
    with pytest.raises(selling.CannotSell):
        selling.sell(sold.base + 5, store=store, household=zhou)
    selling.sell(sold.base + 5, store=store, household=zhou, at=now() - timedelta(hours=1))
    with pytest.raises(selling.CannotSell):
        selling.sell(sold.base + 5, store=store, household=zhou, at=now() - timedelta(hours=1))
    react()
    assert recall.families.get(household=zhou).units == [sold.base + 5]
    assert Promise.objects.filter(kind="trace.recall", household=zhou).exists()
    effect = recalls.effect(recall)
    assert effect.stock + effect.sold == whole, (
        "moved from the shelf to the family, and counted once"
    )


def test_what_a_till_sold_while_the_recall_was_being_written_down_is_rung(sold, store, families):  # noqa: F811
    """Committed after the list of families was read, and its reaction ran before there was a recall."""
    _lin, zhou = families
    selling.take_back(sold.base + 2, store=store)
    store_has(store, 3)
    recall = declare()
    whole = recalls.effect(recall).stock + recalls.effect(recall).sold
    UnitOwner.objects.create(
        unit_id=sold.base + 5,
        household=zhou,
        store=store,
        lot_id=Lot.objects.get().pk,
        sold_at=now() - timedelta(seconds=1),
    )
    react()
    assert recall.families.get(household=zhou).units == [sold.base + 5]
    assert Promise.objects.filter(kind="trace.recall", household=zhou).count() == 1
    effect = recalls.effect(recall)
    assert effect.stock + effect.sold == whole


def test_who_joins_before_the_others_are_told_is_promised_one_call(sold, store, families):  # noqa: F811
    _lin, zhou = families
    selling.take_back(sold.base + 2, store=store)
    selling.register(sold.base + 3, household=zhou)
    react()
    owner = UnitOwner.objects.get(unit_id=sold.base + 3, returned_at=None)
    recall = declare()
    recall.families.filter(household=zhou).delete()
    recalls.join(recall, owner, was_stock=False)
    react()
    assert Promise.objects.filter(kind="trace.recall", household=zhou).count() == 1


def store_has(store, tins):  # noqa: F811
    """The shop's shelf as one that the recall finds: it read the tins in itself."""
    place = selling.place_of(store)
    uris = [uri for _n, uri in batches.codes(CodeBatch.objects.get())][3 : 3 + tins]
    take_in(event(epcList=uris, eventTime=now().isoformat(), readPoint={"id": place.uri}))


def test_a_call_about_one_recall_is_no_proof_for_another(sold, families):  # noqa: F811
    lin, _zhou = families
    first = declare()
    tins = [uri for _n, uri in batches.codes(sold)]
    second = recalls.declare(scopes.of_codes(tins[0], tins[1]), title="两罐", reason="罐口")
    react()
    Promise.objects.get(household=lin, kind="trace.recall", why__recall=second.pk).keep()
    react()
    assert second.families.get(household=lin).told_by == "phone"
    assert first.families.get(household=lin).told_at is None


def test_a_broken_call_made_good_late_and_after_closing_is_still_the_proof(sold, families):  # noqa: F811
    lin, _zhou = families
    recall = declare()
    react()
    recalls.close(recall, outcome="还有一家没接电话")
    call = Promise.objects.get(household=lin, kind="trace.recall")
    call.break_()
    call.keep()
    react()
    assert recall.families.get(household=lin).told_by == "phone"


def test_after_a_false_alarm_nobody_rings_and_the_frightened_hear_that_all_is_well(sold, families):  # noqa: F811
    lin, zhou = families
    recall = declare()
    react()
    Promise.objects.get(household=zhou, kind="trace.recall").keep()
    react()
    recalls.withdraw(recall, outcome="复检合格")
    react()
    assert not Promise.objects.filter(kind="trace.recall").owed().exists()
    assert Promise.objects.get(household=lin, kind="trace.recall").waived_for
    well = Message.objects.filter(key__startswith="recall-over:")
    assert {m.household for m in well} == {lin, zhou}
    assert all("可以继续" in m.text for m in well)


def test_what_is_wrong_for_another_reason_is_not_called_well(sold):
    first = declare()
    declare(title="另一个召回")
    react()
    recalls.withdraw(first, outcome="复检合格")
    react()
    assert not Message.objects.filter(key__startswith="recall-over:").exists()


def test_at_night_the_text_goes_at_once_and_the_call_stands_on_the_list(sold, store, clock):  # noqa: F811
    """No quiet hour and no budget holds a recall up; and all is well can wait for the morning."""
    night = (now() + timedelta(days=1)).astimezone(store.zone).replace(hour=23, minute=30)
    clock(night.isoformat())
    QuietHours.objects.update(begins=time(21), ends=time(8))
    assert quiet_until(Purpose.SERVICE, store.zone, now()) is not None
    Budget.objects.update(tries_max=0)
    recall = declare()
    react()
    for text in Message.objects.filter(purpose="recall"):
        assert text.run_at == now()
    for call in Promise.objects.filter(kind="trace.recall"):
        assert call.shows_at == now()
        assert now() < call.due_at <= now() + timedelta(hours=24)
        assert check(call.household, call.purpose, "phone", now()) == []
    recalls.withdraw(recall, outcome="复检合格")
    react()
    for text in Message.objects.filter(key__startswith="recall-over:"):
        assert text.run_at.astimezone(store.zone).hour == 8
    assert Message.objects.filter(key__startswith="recall-over:").count() == 2
