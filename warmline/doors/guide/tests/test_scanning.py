"""Lists of codes at the shop's phone: received, counted, given to a family, and nothing lost over one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from warmline.base.clock import now
from warmline.core.people.models import Staff
from warmline.goods.trace import batches, journeys, knowing, recalls, scopes, verdicts
from warmline.goods.trace.models import CodeBatch, Edge, Event, Lot, Oddity, UnitOwner
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
    recalls.declare(scopes.of_codes(tins[3], tins[4]), title="x", reason="x")
    send(page, "tins", tins[3:6], lin.pk)
    said = outcome(page)
    assert said["taken"] == 1
    assert {why for _code, why in said["aside"]} == {str(verdicts.Word.RECALLED.label)}


def test_each_reason_is_said_while_reading(page, tins, lin, batch):
    send(page, "tins", tins[:1], lin.pk)
    recalls.declare(scopes.of_codes(tins[3], tins[3]), title="x", reason="x")
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


def test_what_went_home_without_a_network_is_kept_though_it_is_recalled(page, tins, lin):
    """The phone had no network: the tin is at the family's by now, and she is to be rung."""
    recalls.declare(scopes.of_lots(Lot.objects.all()), title="三段 L7", reason="x")
    send(page, "tins", tins[:1], lin.pk, **{"X-Waited-S": "7200"})
    assert UnitOwner.objects.get().household == lin
    assert outcome(page)["warned"]
    text = page.get(reverse("guide:tins", args=[lin.pk]) + "?done=1").content.decode()
    assert "请马上打电话" in text
    send(page, "tins", tins[1:2], lin.pk)
    assert UnitOwner.objects.count() == 1, "over the counter it stays where it is"


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


@pytest.fixture
def dealer(db, store):
    """A dealer's warehouse, and 秦师傅 who scans there."""
    from warmline.goods.trace import partners

    party = partners.put(name="蓉城商贸", sort="dealer", territory=["51"])
    place = partners.put_place(party, name="双流仓", city="成都", area="510116")
    qin = Staff.objects.create_user("qin", "-", name="秦师傅", role="dealer")
    partners.post(qin, place)
    return qin, place


def scan(page, name, codes, once=ONCE, **said):
    return page.post(reverse(f"guide:{name}"), {"codes": "\n".join(codes), "once": once} | said)


def test_a_case_is_packed_with_what_is_read_after_it(page, tins, batch):
    answer = scan(page, "scan-pack", [*tins[:6], sscc(5)], into=sscc(5))
    assert answer.status_code == 302, answer.content.decode()
    assert (outcome(page)["taken"], len(outcome(page)["aside"])) == (6, 1)
    case = knowing.unit_named(sscc(5))
    assert journeys.inside(case)[1:] == [batch.base + n for n in range(6)]


@pytest.mark.parametrize("into", ["", "nothing", "6901234567892", "a tin"])
def test_what_is_no_case_is_not_packed_and_the_list_stays(page, tins, into):
    answer = scan(page, "scan-pack", tins[:3], into=tins[9] if into == "a tin" else into)
    assert answer.status_code == 422
    assert tins[0] in answer.content.decode()
    assert not Edge.objects.exists()


def test_a_case_is_opened_and_a_tin_is_not(page, tins):
    scan(page, "scan-pack", tins[:6], into=sscc(5))
    assert ask(page, tins[0], "open")["state"] == "aside"
    assert ask(page, sscc(5), "open") == {
        "state": "taken", "uri": sscc(5), "words": "", "name": "一箱，6 罐", "tins": 6,
    }  # fmt: skip
    answer = scan(page, "scan-open", [sscc(5), tins[0]], once="2" * 32)
    assert answer.status_code == 302
    assert (outcome(page)["taken"], len(outcome(page)["aside"])) == (1, 1)
    assert not Edge.objects.filter(t_to__isnull=True).exists()


def test_it_goes_on_the_shelf_by_its_short_code_too(page, tins, batch, store):
    serial = tins[0].rsplit("/", 1)[1]
    scan(page, "scan-move", [serial.lower(), tins[1]])
    assert outcome(page)["taken"] == 2
    assert journeys.journey(batch.base)[-1].step == "stocking"


def test_it_is_shipped_to_whom_the_note_says(page, tins, batch, dealer, wu):
    other = wu.store
    html = page.get(reverse("guide:scan-ship")).content.decode()
    assert "建设路店" in html
    assert "蓉城商贸" in html
    said = {"to": f"store:{other.pk}", "document_no": "DB-7"}
    assert scan(page, "scan-ship", tins[:2], **said).status_code == 302
    last = Event.objects.order_by("-pk").first()
    assert place_of(other).party.uri in str(last.facts["destination"])
    assert "DB-7" in str(last.facts["bizTransaction"])
    for wrong in ({"to": ""}, {"to": "store:0"}, {"to": "party:x"}):
        refused = scan(page, "scan-ship", tins[3:4], once="3" * 32, **wrong)
        assert refused.status_code == 422
        assert tins[3] in refused.content.decode()


def test_a_dealer_scans_for_its_own_door_and_sees_no_family(client, dealer, tins, batch, lin):
    qin, place = dealer
    client.force_login(qin)
    assert "双流仓" in client.get(reverse("guide:scan-receive")).content.decode()
    assert scan(client, "scan-receive", tins[:3]).status_code == 302
    held = journeys.held([batch.base])[batch.base]
    assert (held.place, held.party) == (place, place.party)
    assert scan(client, "scan-ship", tins[:1], once="4" * 32, to=f"store:{lin.store_id}")
    for name, args in (("tins", [lin.pk]), ("family", [lin.pk]), ("scan", [])):
        assert client.get(reverse(f"guide:{name}", args=args)).status_code == 404
    assert client.get(reverse("guide:today"))["Location"] == reverse("guide:me")
    assert client.get("/hq/").status_code == 404
    me = client.get(reverse("guide:me")).content.decode()
    assert reverse("guide:scan-receive") in me
    assert reverse("guide:families") not in me


def test_a_dealer_without_a_place_scans_nowhere(client, db):
    client.force_login(Staff.objects.create_user("qin", "-", name="秦师傅", role="dealer"))
    for name in ("receive", "move", "count", "open", "pack", "ship", "check"):
        assert client.get(reverse(f"guide:scan-{name}")).status_code == 404


def test_another_case_under_the_same_page_is_another_list(page, tins):
    scan(page, "scan-pack", tins[:3], into=sscc(5))
    scan(page, "scan-pack", tins[:3], into=sscc(6))
    assert outcome(page)["had"] == 0  # contradicted, and told to a person
    assert Oddity.objects.filter(rule="elsewhere").count() == 3
