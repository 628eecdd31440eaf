"""Lists of codes at the shop's phone: received, counted, given to a family, and nothing lost over one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from warmline.base.clock import now
from warmline.core.people.models import Staff
from warmline.goods.trace import batches, journeys, recalls, verdicts
from warmline.goods.trace.models import CodeBatch, Lot, UnitOwner
from warmline.goods.trace.selling import place_of
from warmline.goods.trace.tests.conftest import (  # noqa: F401 a lot of milk
    _nothing_remembered,
    lot,
    packed,
    sscc,
    take_in,
    tin_product,
)

ONCE = "0" * 32


@pytest.fixture
def batch(lot, morning):  # noqa: F811
    made = batches.plan(lot, size=30)
    batches.activate(made, at=now() - timedelta(days=20))
    return CodeBatch.objects.get(pk=made.pk)


@pytest.fixture
def tins(batch):
    return [uri for _n, uri in batches.codes(batch)]


def send(page, name, codes, *args, once=ONCE, **headers):
    said = {"codes": "\n".join(codes), "once": once}
    return page.post(reverse(f"guide:{name}", args=args), said, headers=headers)


def outcome(page):
    return page.session["scanned"][0]


def ask(page, code, what="receive"):
    return page.get(reverse("guide:scan-check"), {"code": code, "for": what}).json()


def test_a_list_is_received_and_what_cannot_be_read_is_set_aside(page, tins, batch, store):
    answer = send(page, "scan-receive", [tins[0], "rubbish", tins[1], tins[0]])
    assert answer.status_code == 302
    said = outcome(page)
    assert (said["taken"], said["tins"]) == (2, 2)
    assert [code for code, _why in said["aside"]] == ["rubbish", tins[0][:80]]
    assert "rubbish" in page.get(answer["Location"]).content.decode()
    assert journeys.held([batch.base])[batch.base].place == place_of(store)


def test_a_whole_pallet_by_its_sscc(page, tins, batch, store):
    at = "2026-11-20T10:00:00+08:00"
    take_in(packed(sscc(1), tins[:6], at=at), packed(sscc(9), [sscc(1)], at=at))
    assert ask(page, sscc(9).rsplit("/", 1)[1])["tins"] == 6
    send(page, "scan-receive", [sscc(9).rsplit("/", 1)[1]])
    assert outcome(page)["tins"] == 6
    assert journeys.held([batch.base + 5])[batch.base + 5].place == place_of(store)


def test_the_same_list_twice_is_one(page, tins):
    key = {"Idempotency-Key": "k" * 20}
    for _n in range(2):
        assert send(page, "scan-count", tins[:3], **key).status_code == 302
    assert len(page.session["scanned"]) == 1
    again = send(page, "scan-count", tins[:3], **{"Idempotency-Key": "another-key-of-it"})
    assert again.status_code in (302, 422)  # the list's own key: no second event
    assert outcome(page)["had"] in (0, 1)


def test_a_family_takes_home_what_may_be_sold(page, tins, batch, lin, zhou):
    answer = send(page, "tins", [tins[0], tins[1], "nothing"], lin.pk)
    assert answer.status_code == 302
    assert {o.household for o in UnitOwner.objects.all()} == {lin}
    assert {o.by for o in UnitOwner.objects.all()} == {zhou}
    assert verdicts.verdict(batch.base).word == "sold"
    assert (outcome(page)["taken"], len(outcome(page)["aside"])) == (2, 1)
    send(page, "tins", [tins[0], tins[2]], lin.pk, once="1" * 32)
    assert (outcome(page)["taken"], outcome(page)["had"]) == (1, 1)
    assert "安安" not in str(page.session["scanned"])


def test_expired_recalled_and_sold_ones_stay_with_their_reason(page, tins, lin, lot, batch):  # noqa: F811
    recalls.declare(recalls.of_codes(tins[3], tins[4]), title="x", reason="x")
    send(page, "tins", tins[3:6], lin.pk)
    said = outcome(page)
    assert said["taken"] == 1
    assert {why for _code, why in said["aside"]} == {str(verdicts.Word.RECALLED.label)}


def test_each_reason_is_said_while_reading(page, tins, lin, batch):
    send(page, "tins", tins[:1], lin.pk)
    recalls.declare(recalls.of_codes(tins[3], tins[3]), title="x", reason="x")
    unused = batches.plan(Lot.objects.get(), size=3)
    states = [
        ask(page, code, "give")["state"]
        for code in (
            tins[0],
            tins[3],
            next(batches.codes(unused))[1],
            "6901234567892",
            "x",
            tins[9],
        )
    ]
    assert states == ["aside"] * 5 + ["taken"]
    assert ask(page, tins[3])["state"] == "warned"
    Lot.objects.update(expires_on="2026-01-01")
    assert ask(page, tins[9], "give")["state"] == "aside"
    assert ask(page, tins[9].rsplit("/", 1)[1], "count")["name"] == "三段"


def test_what_waited_in_the_phone_is_dated_when_it_was_read(page, tins, lin):
    send(page, "tins", tins[:1], lin.pk, **{"X-Waited-S": "7200"})
    assert now() - UnitOwner.objects.get().sold_at >= timedelta(hours=2)


def test_a_case_goes_home_and_a_pallet_does_not(page, tins, lin):
    at = "2026-11-20T10:00:00+08:00"
    take_in(packed(sscc(1), tins[:6], at=at))
    send(page, "tins", [sscc(1)], lin.pk)
    assert (outcome(page)["taken"], UnitOwner.objects.count()) == (6, 6)
    assert ask(page, sscc(77), "give")["state"] == "aside"


@pytest.mark.parametrize("codes", ["", "\n \n", "x\x00y"])
def test_an_empty_or_broken_list_is_refused_or_set_aside(page, batch, codes):
    answer = page.post(reverse("guide:scan-count"), {"codes": codes, "once": ONCE})
    assert answer.status_code == 422


def test_too_many_at_once_are_kept_on_the_page(page, tins, lin):
    answer = send(page, "tins", tins * 8, lin.pk)
    assert answer.status_code == 422
    assert tins[0] in answer.content.decode()


def test_another_stores_family_is_not_there(client, wu, lin, tins):
    client.force_login(wu)
    assert client.get(reverse("guide:tins", args=[lin.pk])).status_code == 404
    assert send(client, "tins", tins[:1], lin.pk).status_code == 404
    assert not UnitOwner.objects.exists()


def test_who_works_in_no_store_has_no_shelf(client, db):
    client.force_login(Staff.objects.create_user("gao", "-", name="高远", role="logistics"))
    for name in ("scan-receive", "scan-count", "scan-check"):
        assert client.get(reverse(f"guide:{name}")).status_code == 404


def test_a_warehouse_receives_and_sees_no_family(client, store, tins, lin):
    gao = Staff.objects.create_user("gao", "-", name="高远", role="logistics", store=store)
    client.force_login(gao)
    assert client.get(reverse("guide:scan-receive")).status_code == 200
    assert send(client, "scan-receive", tins[:1]).status_code == 302
    assert client.get(reverse("guide:tins", args=[lin.pk])).status_code == 404


def test_the_look_up_says_whether_this_tin_may_be_sold(page, tins, lin):
    assert (
        'data-state="kept"' in page.get(reverse("guide:scan"), {"code": tins[0]}).content.decode()
    )
    send(page, "tins", tins[:1], lin.pk)
    html = page.get(reverse("guide:scan"), {"code": tins[0]}).content.decode()
    assert 'data-state="broken"' in html
    assert "三段" in html
