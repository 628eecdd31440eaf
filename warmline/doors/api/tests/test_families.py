"""Families by the API: joined, looked up and changed, by whoever may see them and nobody else."""

import pytest

from warmline.core.contacts.models import Contact
from warmline.core.people.models import Consent, Reading, Staff
from warmline.core.promises.models import Promise
from warmline.service.care.models import RunOut

pytestmark = pytest.mark.django_db

FAMILY = {
    "store": "S001",
    "name": "王芳",
    "phone": "139 1234 0000",
    "babies": [{"name": "安安", "born_on": "2026-08-01", "feeding": "formula"}],
    "consents": ["record", "care"],
}


@pytest.fixture
def promise(lin, clock):
    from warmline.base.clock import now

    return Promise.make("contacts.call_back", household=lin, due_at=now(), keeper=None)


def test_a_family_joins_with_its_baby_and_its_consents(hq, store):
    answer = hq.post("/households", FAMILY)
    said = answer.json()
    assert (answer.status_code, said["store"], said["name"]) == (201, "S001", "王芳")
    assert said["members"][0]["phone"] == "+8613912340000"
    assert (said["babies"][0]["name"], said["babies"][0]["is_frozen"]) == ("安安", False)
    purposes = Consent.objects.filter(household=said["id"]).values_list("purpose", flat=True)
    assert sorted(purposes) == ["care", "record"]


def test_without_consent_the_baby_is_counted_and_not_described(hq, store):
    said = hq.post("/households", FAMILY | {"consents": []}).json()
    assert (said["babies"][0]["name"], said["babies"][0]["is_frozen"]) == ("", True)


def test_who_shares_the_number_is_said_as_far_as_it_may_be_seen(hq, caller, lin, theirs, store):
    shared = FAMILY | {"phone": "13912345678"}
    assert hq.post("/households", shared).json()["same_phone"] == [lin.pk]
    till = caller(Staff.Role.MANAGER, store)
    assert till.post("/households", FAMILY | {"phone": "13812344321"}).json()["same_phone"] == []


@pytest.mark.parametrize(
    ("differs", "field"),
    [
        ({"phone": "12345"}, "phone"),
        ({"babies": [{"born_on": "2027-01-01"}]}, "born_on"),
        ({"babies": [{}]}, "born_on"),
        ({"member_no": "M001"}, "member_no"),
    ],
)
def test_what_cannot_be_is_named(hq, lin, differs, field):
    answer = hq.post("/households", FAMILY | differs)
    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.json()["errors"]} | {
        error["code"] and field for error in answer.json()["errors"]
    }


@pytest.mark.parametrize("q", ["5678", "13912345678", "林晓", "linxiao", "lx", "M001"])
def test_a_family_is_found_as_people_ask_for_it(hq, lin, theirs, q):
    assert [row["id"] for row in hq.get(f"/households?q={q}").json()["items"]] == [lin.pk]


def test_the_list_shows_no_number_to_ring(hq, lin):
    (row,) = hq.get("/households").json()["items"]
    assert (row["phone_last4"], "phone" in row) == ("5678", False)


def test_a_member_and_a_baby_are_added_and_changed(hq, lin):
    added = hq.post(f"/households/{lin.pk}/members", {"name": "外婆", "relation": "grandmother"})
    assert added.status_code == 201
    changed = hq("PATCH", f"/members/{added.json()['id']}", {"phone": "13700000000"})
    assert changed.json()["phone"] == "+8613700000000"
    baby = hq.post(f"/households/{lin.pk}/babies", {"due_on": "2027-03-01", "has_consent": True})
    assert baby.status_code == 201
    fed = hq("PATCH", f"/babies/{baby.json()['id']}", {"feeding": "formula"})
    assert fed.json()["feeding"] == "formula"
    assert len(hq.get(f"/households/{lin.pk}/babies").json()) == 2


@pytest.mark.parametrize(
    ("sent", "then"),
    [
        ({"name": "豆宝"}, {"name": "豆宝"}),
        ({"born_on": "2026-06-02"}, {"born_on": "2026-06-02"}),
        ({"sex": "f"}, {"sex": "f"}),
        ({"formula_share": 0.3}, {"formula_share": 0.3}),
        ({"feeding": "formula"}, {"feeding": "formula"}),
        ({"weaned_on": "2026-11-01"}, {"weaned_on": "2026-11-01"}),
        ({}, {}),
    ],
)
def test_of_a_baby_only_what_was_sent_changes(hq, lin, sent, then):
    path = f"/babies/{lin.children.get().pk}"
    before = hq.get(f"/households/{lin.pk}/babies").json()[0]
    answer = hq("PATCH", path, sent)
    assert (answer.status_code, answer.json()) == (200, before | then)


def test_a_baby_that_is_still_expected_may_have_a_name(hq, lin):
    baby = hq.post(f"/households/{lin.pk}/babies", {"due_on": "2027-03-01", "has_consent": True})
    named = hq("PATCH", f"/babies/{baby.json()['id']}", {"name": "安安"}).json()
    assert (named["name"], named["born_on"], named["due_on"]) == ("安安", None, "2027-03-01")


def test_null_is_said_where_it_means_something(hq, lin):
    path = f"/babies/{lin.children.get().pk}"
    hq("PATCH", path, {"weaned_on": "2026-11-01", "formula_share": 0.2})
    back = hq("PATCH", path, {"weaned_on": None, "formula_share": None}).json()
    assert (back["weaned_on"], back["formula_share"]) == (None, None)
    for wrong in ({"name": None}, {"born_on": None}, {"feeding": None}, {"nmae": "x"}):
        assert hq("PATCH", path, wrong).status_code == 422, wrong
    member = f"/members/{lin.members.get().pk}"
    for wrong in ({"name": None}, {"phone": None}, {"phone": ""}, {"colour": "red"}):
        assert hq("PATCH", member, wrong).status_code == 422, wrong


def test_a_birthday_that_cannot_be_is_refused_and_nothing_changes(hq, lin):
    answer = hq("PATCH", f"/babies/{lin.children.get().pk}", {"name": "x", "born_on": "2027-01-01"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "born_on")
    assert lin.children.get().name == "豆豆"


def test_a_members_name_and_number_are_put_right_and_found(hq, lin):
    path = f"/members/{lin.members.get().pk}"
    assert hq("PATCH", path, {"name": "林筱"}).json()["phone"] == "+8613912345678"
    assert hq("PATCH", path, {"phone": "13700001111"}).json()["name"] == "林筱"
    assert [row["id"] for row in hq.get("/households?q=1111").json()["items"]] == [lin.pk]
    assert [row["id"] for row in hq.get("/households?q=林筱").json()["items"]] == [lin.pk]


def test_a_promise_is_kept_once_and_waived_with_a_reason(hq, promise):
    assert hq.get("/promises?status=made").json()["items"][0]["id"] == promise.pk
    assert hq.post(f"/promises/{promise.pk}/waiver", {"reason": ""}).status_code == 422
    assert hq.post(f"/promises/{promise.pk}/keeping").json()["status"] == "kept"
    again = hq.post(f"/promises/{promise.pk}/keeping")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_move")
    assert hq.post(f"/promises/{promise.pk}/waiver", {"reason": "-"}).status_code == 409


def test_a_contact_is_logged_once_under_its_key(hq, lin, promise):
    said = {"outcome": "reached", "note": "都好", "promise": promise.pk}
    path = f"/households/{lin.pk}/contacts"
    answers = [hq.post(path, said, idempotency_key="c1") for _twice in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert Contact.objects.count() == 1
    assert hq.get(f"/contacts?household={lin.pk}").json()["items"][0]["note"] == "都好"


def test_a_contact_by_the_api_keeps_the_promise_it_was_made_for(hq, lin, promise):
    path = f"/households/{lin.pk}/contacts"
    assert hq.post(path, {"outcome": "no_answer", "promise": promise.pk}).status_code == 201
    promise.refresh_from_db()
    assert (promise.status, promise.tries) == ("made", 1)
    hq.post(path, {"outcome": "reached", "promise": promise.pk})
    promise.refresh_from_db()
    assert promise.status == "kept"


def test_do_not_call_said_to_another_system_ends_what_we_owed(hq, lin, promise):
    assert hq.post(f"/households/{lin.pk}/contacts", {"outcome": "refused"}).status_code == 201
    said = hq.get(f"/promises/{promise.pk}").json()
    assert (said["status"], bool(said["waived_for"])) == ("waived", True)


def test_another_time_must_be_named_and_is_promised(hq, lin):
    path = f"/households/{lin.pk}/contacts"
    assert hq.post(path, {"outcome": "later"}).status_code == 422
    assert Contact.objects.count() == 0
    said = {"outcome": "later", "next_at": "2026-11-23T15:00:00+08:00", "next_words": "下午三点"}
    following = hq.post(path, said, idempotency_key="n1").json()["next_promise"]
    assert Promise.objects.get(pk=following).words == "下午三点"
    again = hq.post(path, said, idempotency_key="n1").json()
    assert (again["next_promise"], Promise.objects.count()) == (following, 1)


def test_a_broken_promise_is_let_off_and_stays_broken(hq, promise):
    promise.break_()
    said = hq.post(f"/promises/{promise.pk}/waiver", {"reason": "搬走了"}).json()
    assert (said["status"], said["standing"], said["state"]) == ("broken", "let_off", "quiet")


def test_the_forecast_is_read_with_its_reasons(hq, lin, tin):
    from warmline.goods.catalog.models import Category

    RunOut.objects.create(
        household=lin,
        category=Category.objects.get(code="formula"),
        store=lin.store,
        last_on="2026-11-01",
        p50_on="2026-11-25",
        call_on="2026-11-22",
    )
    (row,) = hq.get("/run-outs?call_before=2026-11-23&category=formula").json()["items"]
    assert (row["household"], row["p50_on"]) == (lin.pk, "2026-11-25")


def addresses(family, promise):
    member, child = family.members.get().pk, family.children.get().pk
    return [
        ("GET", f"/households/{family.pk}", None),
        ("GET", f"/households/{family.pk}/babies", None),
        ("POST", f"/households/{family.pk}/members", {"name": "x"}),
        ("POST", f"/households/{family.pk}/babies", {"due_on": "2027-03-01"}),
        ("POST", f"/households/{family.pk}/contacts", {"outcome": "reached"}),
        ("PATCH", f"/members/{member}", {"name": "x"}),
        ("PATCH", f"/babies/{child}", {"feeding": "formula"}),
        ("GET", f"/promises/{promise.pk}", None),
        ("POST", f"/promises/{promise.pk}/keeping", None),
        ("POST", f"/promises/{promise.pk}/waiver", {"reason": "x"}),
        ("GET", f"/promises?household={family.pk}", None),
        ("GET", f"/contacts?household={family.pk}", None),
        ("GET", f"/run-outs?household={family.pk}", None),
        ("GET", f"/sales?household={family.pk}", None),
    ]


def test_another_stores_family_is_not_there(caller, lin, promise, other_store):
    """A foreign object and one that does not exist answer alike, byte for byte."""
    till = caller(Staff.Role.MANAGER, other_store)
    for method, path, body in addresses(lin, promise):
        foreign = till(method, path, body)
        missing = till(method, path.replace(str(lin.pk), "987654321"), body)
        assert foreign.status_code == 404, path
        assert foreign.content == missing.content or "987654321" not in path
    for path in ("/households", "/households?q=5678", "/promises", "/contacts", "/run-outs"):
        assert till.get(path).json()["items"] == [], path
    assert not Reading.objects.exists()


def test_whoever_may_see_it_is_noted_for_every_answer(caller, lin, promise, store):
    shop = caller(Staff.Role.MANAGER, store)
    for method, path, body in addresses(lin, promise):
        before = Reading.objects.count()
        answer = shop(method, path, body)
        personal = str(lin.pk) in answer.content.decode() and answer.status_code < 300
        lists = "?household=" in path
        if personal and not (lists and answer.json()["items"] == []):
            assert Reading.objects.count() == before + 1, (method, path)
            assert Reading.objects.latest("pk").households == [lin.pk]
    assert Reading.objects.exists()


def test_an_auditor_looks_and_changes_nothing(caller, lin, promise):
    auditor = caller(Staff.Role.AUDITOR)
    for method, path, body in addresses(lin, promise):
        expected = {200} if method == "GET" else {403}
        assert auditor(method, path, body).status_code in expected, (method, path)
