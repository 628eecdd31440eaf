"""A hotline, a shop or a chat hands on what it heard; it is a case before it is answered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from warmline.base.clock import now
from warmline.core.people import reading
from warmline.core.people.models import Reading
from warmline.doors.api import cases
from warmline.doors.api.tests.conftest import PHONE, Caller
from warmline.service.desk.models import Arrival, Case, ChannelLine

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


@pytest.mark.parametrize("key", ["", "call-9"])
def test_whose_case_was_shown_is_in_the_read_audit_once(hq, lin, key):
    for _again in range(2):
        asked = {**HEARD, "phone": PHONE}
        hq.post("/cases", asked, **({"idempotency_key": key} if key else {}))
    read = list(Reading.objects.values_list("households", "fields", "purpose"))
    assert read == [([lin.pk], ["case"], "api:new-case")] * 2


def test_an_answer_that_cannot_be_audited_is_not_given_and_nothing_is_kept(
    hq, lin, monkeypatch, tmp_path
):
    refused = tmp_path / "refused.sql"
    refused.write_text("SELECT FROM nowhere")
    monkeypatch.setattr(reading, "KEEP", refused)
    assert hq.post("/cases", {**HEARD, "phone": PHONE}, idempotency_key="call-3").status_code >= 500
    assert not Case.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_channels_line_is_there_whatever_becomes_of_the_contact(hq, monkeypatch):
    """Its case was lost on the way: the night will hold it against us."""

    def dies(**_said):
        raise DatabaseError("gone")

    monkeypatch.setattr(cases, "receive", dies)
    assert hq.post("/cases", HEARD, idempotency_key="call-4").status_code >= 500
    line = ChannelLine.objects.get()
    assert line.key.endswith(":call-4")
    assert line.channel == "phone"
    assert abs(line.at - now()) < timedelta(minutes=1)
    assert not Arrival.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_acknowledged_contact_waits_for_the_disk_though_its_line_did_not(hq):
    """The line's own transaction is committed without a flush; the setting ends with it."""
    hq.post("/cases", HEARD, idempotency_key="call-5")
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)


def test_what_is_refused_has_no_line(hq):
    hq.post("/cases", {**HEARD, "store": "nowhere"})
    hq.post("/cases", {**HEARD, "kind": "nonsense"})
    hq.post("/cases", {**HEARD, "phone": "12"})
    assert not ChannelLine.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_contacts_of_one_number_at_the_same_moment_are_one_matter(caller):
    """Ten at once, with a key of their own, with the same key, and with none."""
    secret = caller().secret

    def post(n):
        try:
            headers = {"idempotency_key": f"call-{n % 8}"} if n % 3 else {}
            said = {**HEARD, "phone": f"1370000000{n % 2}"}
            if n % 3:
                said["phone"] = f"1370000000{n % 8 % 2}"
            return Caller(Client(), secret).post("/cases", said, **headers).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(post, range(30)))
    assert set(answers) == {201}
    assert Case.objects.count() == 2
    numbers = sorted(Arrival.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 8 + 10 + 1))  # eight keys, ten without
    assert ChannelLine.objects.count() == 18
