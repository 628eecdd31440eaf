"""A hotline, a shop or a chat hands on what it heard; it is a case before it is answered."""

import pytest

from warmline.service.desk.models import Arrival, Case

HEARD = {"words": "奶粉罐口没有封好", "channel": "phone", "phone": "13912345678", "name": "林先生"}


@pytest.fixture(autouse=True)
def open_store(store):
    return store


def test_a_call_is_a_case_with_a_deadline_and_it_can_be_read(hq):
    came = hq.post("/cases", {**HEARD, "kind": "quality"}, idempotency_key="call-1")
    assert came.status_code == 201, came.content
    said = came.json()
    assert (said["state"], said["kind"], said["is_new"]) == ("open", "quality", True)
    assert said["due_at"]
    assert hq.get(f"/cases/{said['id']}").json()["code"] == said["code"]
    assert [c["id"] for c in hq.get("/cases?open=true&state=open").json()["items"]] == [said["id"]]
    assert "林" not in came.content.decode()


def test_sent_twice_it_is_one(hq):
    first = hq.post("/cases", HEARD, idempotency_key="call-2")
    again = hq.post("/cases", HEARD, idempotency_key="call-2")
    assert first.json() == again.json()
    assert Arrival.objects.count() == 1


def test_a_token_of_one_store_sees_and_fills_that_store(caller, hq, store):
    other = caller("hq", store=None)
    mine = caller("manager", store=store)
    case = other.post("/cases", HEARD).json()["id"]
    assert mine.get(f"/cases/{case}").status_code == 200
    Case.objects.update(store=type(store).objects.create(code="S9", name="别的店"))
    assert mine.get(f"/cases/{case}").status_code == 404
    assert mine.post("/cases", {**HEARD, "store": "S9"}).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"channel": "web"},
        {"phone": "12"},
        {"kind": "nonsense"},
        {"store": "nowhere"},
        {"from_whom": "nobody"},
        {"unknown": 1},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(hq, wrong):
    answer = hq.post("/cases", {**HEARD, **wrong})
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_a_supplier_is_answered_too(hq):
    came = hq.post("/cases", {**HEARD, "from_whom": "supplier", "phone": "", "channel": "api"})
    case = Case.objects.get(pk=came.json()["id"])
    assert (case.from_whom, case.household, case.queue) == ("supplier", None, "store")
