"""Head office calls a lot back: a look first, then the room with its clocks, until all is counted."""

from datetime import timedelta

import pytest
from django.urls import reverse

from warmline.base.clock import now
from warmline.core.contacts.models import Message
from warmline.core.journal.reacting import react_once
from warmline.core.journal.workers import Shift
from warmline.core.people.models import Household, Staff
from warmline.core.promises.models import Promise
from warmline.doors.hq.recall_clocks import ring, spell
from warmline.doors.hq.tests.test_pages import sign_in
from warmline.goods.trace import batches, deadlines, recalls, selling, verdicts
from warmline.goods.trace.models import CodeBatch, Recall, Unit
from warmline.goods.trace.tests.conftest import (  # noqa: F401 a lot of milk and two families
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

WHY = {"title": "三段 L7", "reason": "抽检不合格", "advice": "请停用", "level": "1"}


@pytest.fixture
def hq(client, db):
    return sign_in(client, "hq")


@pytest.fixture
def sold(lot, store, families):  # noqa: F811
    """Twelve tins; Lin took two, Zhou one."""
    made = batches.plan(lot, size=12)
    batches.activate(made, at=now() - timedelta(days=20))
    batch = CodeBatch.objects.get(pk=made.pk)
    lin, zhou = families
    for n, whose in enumerate((lin, lin, zhou)):
        selling.sell(batch.base + n, store=store, household=whose, at=now() - timedelta(days=7))
    return batch


def declare(hq, by="lot", **said):
    answer = hq.post(
        reverse("hq:recall-new") + f"?by={by}", {"lot": "L7", "declare": "1"} | WHY | said
    )
    assert answer.status_code == 302, answer.content.decode()
    return Recall.objects.order_by("pk").last()


def test_a_look_says_who_has_it_and_changes_nothing(hq, sold):
    page = hq.post(reverse("hq:recall-new") + "?by=lot", {"lot": "L7", "look": "1"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "林晓" in text
    assert "周敏" in text
    assert not Recall.objects.exists()
    assert verdicts.verdict(sold.base + 5).word == Word.GENUINE


def test_declaring_freezes_and_opens_the_room(hq, sold):
    recall = declare(hq)
    assert verdicts.verdict(sold.base + 5).word == Word.RECALLED
    assert (recall.declared_by.role, recall.level, recall.is_drill) == ("hq", 1, False)
    assert min(f.chance_open for f in recall.families.all()) > 0.5  # ranked at once
    text = hq.get(reverse("hq:recall", args=[recall.pk])).content.decode()
    for said in ("林晓", "抽检不合格", "0 / 2", "<svg", "24"):
        assert said in text


def test_a_drill_freezes_nothing(hq, sold):
    recall = declare(hq, is_drill="on")
    assert recall.is_drill
    assert verdicts.verdict(sold.base + 5).word == Word.GENUINE
    assert "演练" in hq.get(reverse("hq:recall", args=[recall.pk])).content.decode()


@pytest.mark.parametrize("spelt", ["{}", "https://shop.example/t/{}", "(01)06901234567892(21){}"])
def test_a_run_of_codes_however_they_are_spelt(hq, sold, spelt):
    serials = [uri.rsplit("/", 1)[1] for _n, uri in batches.codes(sold)]
    recall = declare(hq, by="codes", first=spelt.format(serials[3]), last=spelt.format(serials[5]))
    assert recall.units == 3


def test_a_pallet_by_its_bare_digits(hq, sold):
    tins = [uri for _n, uri in batches.codes(sold)]
    take_in(packed(sscc(1), tins[6:10]))
    recall = declare(hq, by="container", container=sscc(1).rsplit("/", 1)[1])
    assert recall.units >= 4


def test_a_suppliers_lot(hq, sold, lot):  # noqa: F811
    milk = "https://id.gs1.org/01/06901234000016/10/MILK1"
    take_in(
        {
            "type": "TransformationEvent",
            "eventTime": "2026-10-01T10:00:00+08:00",
            "eventTimeZoneOffset": "+08:00",
            "inputQuantityList": [{"epcClass": milk, "quantity": 10, "uom": "KGM"}],
            "outputQuantityList": [
                {"epcClass": f"https://id.gs1.org/01/{lot.gtin}/10/L7", "quantity": 9, "uom": "KGM"}
            ],
            "bizStep": "commissioning",
        }
    )
    assert declare(hq, by="material", material=milk).units == 12


def test_a_suppliers_lot_by_the_number_that_head_office_wrote_down(hq, sold, lot):  # noqa: F811
    lot.story = {"materials": [{"name": "乳清蛋白粉", "lot": "WP-2607-31"}]}
    lot.save()
    recall = declare(hq, by="material", material=" WP-2607-31 ")
    assert [scope.lot_id for scope in recall.scopes.all()] == [lot.pk]
    assert verdicts.verdict(sold.base + 5).word == Word.RECALLED


def test_a_look_into_an_empty_case_says_that_nothing_is_in_it(hq, sold):
    take_in(event(epcList=[sscc(77)]))
    page = hq.post(reverse("hq:recall-new") + "?by=container", {"container": sscc(77), "look": "1"})
    assert "里面没有我们认得的罐子" in page.content.decode()


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("lot", {"lot": "L8"}),
        ("lot", {"lot": "L7", "gtin": "6901234567893"}),
        ("codes", {"first": "nothing", "last": "at all"}),
        ("container", {"container": "106901230000000013"}),
        ("container", {"container": "x\x00y"}),
        ("material", {"material": "milk"}),
        ("lot", {"lot": "L7", "title": ""}),
        ("lot", {"lot": "L7", "known_at": "2099-01-01T10:00"}),
    ],
)
def test_what_is_no_code_or_not_ours_is_said_and_nothing_declared(hq, sold, by, said):
    page = hq.post(reverse("hq:recall-new") + f"?by={by}", {"declare": "1"} | WHY | said)
    assert page.status_code == 422
    assert not Recall.objects.exists()


def test_the_room_counts_until_every_tin_is_accounted_for(hq, sold):
    recall = declare(hq)
    room = reverse("hq:recall", args=[recall.pk])
    for holding in recall.holdings.all():
        said = {"set_aside": holding.stock, "destroyed": 1}
        assert hq.post(f"{room}holders/{holding.pk}/", said).status_code == 302
        assert (
            hq.post(f"{room}holders/{holding.pk}/", {"set_aside": 1, "destroyed": 2}).status_code
            == 422
        )
    for family in recall.families.all():
        assert hq.post(f"{room}families/{family.pk}/word/", {"how": "visit"}).status_code == 302
        said = {"returned": len(family.units)}
        assert hq.post(f"{room}families/{family.pk}/", said).status_code == 302
        again = hq.post(f"{room}families/{family.pk}/", said)
        assert again.status_code == 422
        assert 'role="alert"' in again.content.decode()
    text = hq.get(room).content.decode()
    assert "100%" in text
    assert "2 / 2" in text
    assert {f.told_by for f in recall.families.all()} == {"visit"}
    assert hq.post(f"{room}end/", {"how": "close", "outcome": " "}).status_code == 422
    assert hq.post(f"{room}end/", {"how": "close", "outcome": "全部收回"}).status_code == 302
    assert hq.post(f"{room}end/", {"how": "withdraw", "outcome": "x"}).status_code == 409
    assert hq.post(f"{room}families/{family.pk}/word/", {"how": "visit"}).status_code == 404


def test_one_holder_that_found_more_makes_up_for_nothing_elsewhere(hq, sold):
    recall = declare(hq)
    holding = recall.holdings.get()
    said = {"set_aside": holding.stock + 50, "destroyed": 0}
    hq.post(reverse("hq:recall-holder", args=[recall.pk, holding.pk]), said)
    assert "75%" in hq.get(reverse("hq:recall", args=[recall.pk])).content.decode()


def test_a_false_alarm_lets_the_tins_go(hq, sold):
    recall = declare(hq)
    end = reverse("hq:recall-end", args=[recall.pk])
    assert hq.post(end, {"how": "withdraw", "outcome": "复检合格"}).status_code == 302
    assert verdicts.verdict(sold.base + 5).word == Word.GENUINE


def test_the_report_and_the_files(hq, sold):
    recall = declare(hq, is_drill="on")
    assert "演练" in hq.get(reverse("hq:recall-report", args=[recall.pk])).content.decode()
    for name, said in (("recall-families", "林晓"), ("recall-holders", ",9,")):
        address = reverse(f"hq:{name}", args=[recall.pk])
        answer = hq.get(address, {"format": "csv"})
        assert said in b"".join(answer.streaming_content).decode()
        assert hq.get(address, {"format": "xlsx"}).content[:2] == b"PK"
        assert hq.get(address).status_code == 200


@pytest.mark.parametrize("role", ["guide", "manager", "agent", "logistics"])
def test_nobody_else_finds_the_room(client, hq, sold, store, role):  # noqa: F811
    recall = declare(hq)
    who = Staff.objects.create_user("x", "-", name="x", role=role, store=store)
    client.force_login(who)
    session = client.session
    session["second_factor"] = True
    session.save()
    for name in ("recall", "recall-report", "recall-families", "recall-holders"):
        assert client.get(reverse(f"hq:{name}", args=[recall.pk])).status_code == 404
    said = {"how": "close", "outcome": "x"}
    assert client.post(reverse("hq:recall-end", args=[recall.pk]), said).status_code == 404
    assert client.post(reverse("hq:recall-new"), {"lot": "L7"} | WHY).status_code == 404


def test_an_auditor_looks_and_declares_nothing(client, sold):
    auditor = sign_in(client, "auditor")
    assert auditor.get(reverse("hq:recalls")).status_code == 200
    answer = auditor.post(reverse("hq:recall-new"), {"lot": "L7", "declare": "1"} | WHY)
    assert answer.status_code == 403
    assert not Recall.objects.exists()


def test_a_family_of_another_recall_is_not_told_here(hq, sold):
    first, second = declare(hq), declare(hq, by="lot", is_drill="on")
    theirs = second.families.first()
    address = reverse("hq:recall-told", args=[first.pk, theirs.pk])
    assert hq.post(address, {"how": "phone"}).status_code == 404


def test_many_families_cost_as_many_queries_as_few(hq, sold, store, django_assert_max_num_queries):  # noqa: F811
    recall = declare(hq)
    with django_assert_max_num_queries(30):
        hq.get(reverse("hq:recall", args=[recall.pk]))
    assert Household.objects.count() == 2
    assert Unit.objects.filter(state=Unit.State.SOLD).count() == 3


def test_the_clock_ends_with_the_last_working_day(db):
    from datetime import datetime

    from warmline.base.clock import CHINA

    declared = datetime(2026, 11, 20, 15, tzinfo=CHINA)  # a Friday; ten working days on
    recall = Recall(level=1, declared_at=declared, known_at=declared)
    assert deadlines.finish_by(recall) == datetime(2026, 12, 5, tzinfo=CHINA)


def test_a_ring_is_drawn_and_a_time_is_said():
    assert ring(0.25).startswith("M48 4A44 44 0 0 1 92.00 48.00")
    assert "1 1 4.00" in ring(0.75)
    assert spell(timedelta(days=9, hours=2, minutes=5)) in {"9 天 2 小时", "9 days 2 hours"}


def test_tins_sold_without_a_name_are_counted_in_the_room_and_in_the_report(hq, sold, store):  # noqa: F811
    for n in (4, 5):
        selling.sell(sold.base + n, store=store)
    recall = declare(hq)
    room = reverse("hq:recall", args=[recall.pk])
    assert "没留姓名" in hq.get(room).content.decode()
    where = reverse("hq:recall-strangers", args=[recall.pk])
    too_many = hq.post(where, {"back": "3"})
    assert too_many.status_code == 422
    assert "还剩 2 罐" in too_many.content.decode()
    assert hq.post(where, {"back": "1"}).status_code == 302
    recalls.tell(recall.families.order_by("pk")[0], how="store")
    text = hq.get(reverse("hq:recall-report", args=[recall.pk])).content.decode()
    assert "其中退回或喝完" in text
    assert "到店 1" in text


def test_every_family_of_a_recall_that_head_office_declares_is_rung_and_texted(hq, sold):
    """The room ranks them at once, for whoever looks: that must take nobody off the list of calls."""
    declare(hq)
    with Shift("react") as shift:
        while react_once(shift):
            pass
    assert Promise.objects.filter(kind="trace.recall").count() == 2
    assert Message.objects.filter(purpose="recall").count() == 2
