"""Receipts come in by the API: once each, answered for itself, and nobody sees another's family."""

import threading

import pytest
from django.db import connection
from django.test import Client

from warmline.base.models import Idempotent
from warmline.core.people.models import Reading, Staff, Token
from warmline.doors.api.tests.conftest import Caller
from warmline.goods.sales.models import Sale

pytestmark = pytest.mark.django_db


def test_a_receipt_is_posted_and_repeated_without_effect(hq, lin, tin, receipt):
    first, again = hq.post("/sales", receipt()), hq.post("/sales", receipt())
    assert (first.status_code, again.status_code) == (201, 200)
    said = first.json()
    assert said == {
        "document_no": "R-1",
        "outcome": "posted",
        "id": Sale.objects.get().pk,
        "household": lin.pk,
        "sold_on": "2026-11-20",
        "total": "596.00",
        "unknown_codes": [],
    }
    assert again.json()["outcome"] == "repeated"


def test_a_changed_receipt_is_a_conflict(hq, lin, tin, receipt):
    hq.post("/sales", receipt())
    changed = hq.post("/sales", receipt(total="1.00"))
    assert (changed.status_code, changed.json()["code"]) == (409, "changed")
    assert changed["Content-Type"] == "application/problem+json"


def test_whose_document_number_it_is_depends_on_the_till(hq, lin, tin, receipt):
    posted = [hq.post(f"/sales?source={till}", receipt()).status_code for till in ("a", "b", "a")]
    assert posted == [201, 201, 200]
    assert hq.post("/sales?source=%00", receipt()).status_code == 422


def test_a_batch_answers_for_each_and_one_bad_receipt_holds_up_nobody(hq, lin, tin, receipt):
    bad = receipt(document_no="R-2", lines=[{"code": "P900", "quantity": "0", "amount": "1"}])
    nowhere = receipt(document_no="R-3", store="X")
    answer = hq.post("/sales/batch", {"sales": [receipt(), bad, nowhere, receipt(), "?"]})
    said = answer.json()
    assert (answer.status_code, said["posted"], said["refused"]) == (200, 1, 4)
    assert [r["index"] for r in said["results"]] == [0, 1, 2, 3, 4]
    errors = [r.get("error") for r in said["results"]]
    assert errors == [None, "invalid", "unknown_store", "twice", "invalid"]
    assert said["results"][1]["errors"][0]["field"] == "lines.0.quantity"
    assert said["results"][1]["document_no"] == "R-2"


@pytest.mark.parametrize("body", [{}, {"sales": []}, {"sales": 1}, [], {"sales": [{}] * 501}])
def test_a_batch_that_is_none_is_refused_as_a_whole(hq, body):
    assert hq.post("/sales/batch", body).status_code == 422


def test_the_same_key_gets_the_same_answer_byte_for_byte(hq, lin, tin, receipt):
    first, again = (hq.post("/sales", receipt(), idempotency_key="k") for _twice in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert (first.get("Idempotent-Replay"), again["Idempotent-Replay"]) == (None, "true")
    other = hq.post("/sales", receipt(document_no="R-2"), idempotency_key="k")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Sale.objects.count() == 1


def test_a_refusal_is_kept_under_its_key_too(hq, lin, tin, receipt, store):
    first = hq.post("/sales", receipt(store="NEW"), idempotency_key="k")
    store.code = "NEW"
    store.save()
    again = hq.post("/sales", receipt(store="NEW"), idempotency_key="k")
    assert (first.status_code, again.status_code) == (422, 422)
    assert first.content == again.content
    assert hq.post("/sales", receipt(store="NEW")).status_code == 201


def test_keys_of_two_tokens_never_meet(caller, lin, tin, receipt):
    one, two = caller(), caller()
    assert one.post("/sales", receipt(), idempotency_key="k").status_code == 201
    assert two.post("/sales", receipt(), idempotency_key="k").status_code == 200
    assert Idempotent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_key_from_many_at_once_is_one_sale_and_one_answer(caller, lin, tin, receipt):
    secret, gate, said = caller().secret, threading.Barrier(6), []

    def post():
        gate.wait()
        answer = Caller(Client(), secret).post("/sales", receipt(), idempotency_key="k")
        said.append((answer.status_code, answer.content))
        connection.close()

    threads = [threading.Thread(target=post) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(said)) == 1
    assert said[0][0] == 201
    assert Sale.objects.count() == Idempotent.objects.count() == 1


def test_who_read_whose_family_is_noted_in_the_same_breath(hq, lin, tin, receipt):
    hq.post("/sales", receipt())
    reading = Reading.objects.get()
    assert (reading.households, reading.fields) == ([lin.pk], ["purchase"])
    assert (reading.purpose, reading.role) == ("api:sales", "hq")
    hq.post("/sales", receipt(document_no="R-2", member_no="X"))
    assert Reading.objects.count() == 1, "an answer about nobody needs no note"


def test_a_till_sells_for_its_own_store_alone(caller, lin, tin, receipt, other_store):
    till = caller(Staff.Role.GUIDE, other_store)
    answer = till.post("/sales", receipt())
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_store")
    assert caller(Staff.Role.GUIDE, None).post("/sales", receipt()).status_code == 422


def test_another_stores_family_stays_unseen_though_it_bought_here(
    caller, lin, tin, receipt, other_store
):
    till = caller(Staff.Role.MANAGER, other_store)
    known = till.post("/sales", receipt(store="S002"))
    unknown = till.post("/sales", receipt(store="S002", document_no="R-2", member_no="X"))
    assert set(known.json()) == set(unknown.json()), "a family there looks like no family at all"
    assert Sale.objects.get(document_no="R-1").household == lin
    assert till.get(f"/sales/{known.json()['id']}").json()["household"] is None
    repeated = till.post("/sales", receipt(store="S002"))
    assert "household" not in repeated.json()


def test_a_revoked_token_is_out_at_once_even_where_it_is_remembered(hq, lin, tin, receipt):
    hq.post("/sales", receipt())
    Token.objects.get().revoke()
    for path, body in [
        ("/sales", receipt(document_no="R-2")),
        ("/sales", {}),
        ("/sales/batch", {"sales": [receipt(document_no="R-3")]}),
        ("/sales/batch", {"sales": [{}]}),
    ]:
        assert hq.post(path, body).status_code == 401, path
    assert Sale.objects.count() == 1


def test_an_auditor_posts_nothing(caller, receipt):
    assert caller(Staff.Role.AUDITOR).post("/sales", receipt()).status_code == 403


def test_sales_are_listed_newest_first_page_by_page(hq, lin, tin, receipt):
    hq.post("/sales/batch", {"sales": [receipt(document_no=f"R-{n}") for n in range(5)]})
    seen, cursor = [], ""
    while cursor is not None:
        page = hq.get(f"/sales?limit=2&cursor={cursor}").json()
        seen += [sale["document_no"] for sale in page["items"]]
        cursor = page["next"]
    assert seen == ["R-4", "R-3", "R-2", "R-1", "R-0"]
    assert [s["document_no"] for s in hq.get("/sales?document_no=R-3").json()["items"]] == ["R-3"]
