"""A till asks of each tin whether it may go home, and is told why not."""

from datetime import date, timedelta

import pytest

from warmline.base.clock import now
from warmline.core.people.models import Staff
from warmline.goods.trace import batches, holding, recalls, scopes
from warmline.goods.trace.models import CodeBatch, Lot, UnitOwner
from warmline.goods.trace.tests.conftest import _nothing_remembered  # noqa: F401 a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def code(tin):
    lot = Lot.objects.create(
        gtin="06901234567892", number="L7", product_id=tin, expires_on=date(2028, 9, 30)
    )
    made = batches.plan(lot, size=3)
    batches.activate(made, at=now() - timedelta(days=3))
    (_n, uri), *_more = batches.codes(CodeBatch.objects.get(pk=made.pk))
    return uri.replace("https://id.gs1.org", "https://trace.example")


def sale(code, **said):
    return {"code": code, "store": "S001", "member_no": "M001", "document_no": "R-1"} | said


def test_a_tin_is_sold_to_a_family_once_until_it_returns(hq, code, store, lin):
    asked = hq("GET", f"/units?code={code}").json()
    assert (asked["word"], asked["may_be_sold"], asked["lot"]) == ("genuine", True, "L7")
    assert hq.post("/units/sale", sale(code)).status_code == 201
    assert UnitOwner.objects.get().household == lin
    again = hq.post("/units/sale", sale(code, document_no="R-2"))
    assert (again.status_code, again.json()["code"]) == (409, "sold")
    assert hq.post("/units/return", {"code": code, "store": "S001"}).status_code == 200
    assert hq.post("/units/sale", sale(code, document_no="R-3")).status_code == 201
    assert UnitOwner.objects.filter(returned_at__isnull=True).count() == 1


def test_what_is_past_its_day_stays_on_the_shelf(hq, code, store):
    Lot.objects.update(expires_on=date(2020, 1, 1))
    refused = hq.post("/units/sale", sale(code))
    assert (refused.status_code, refused.json()["code"]) == (409, "expired")
    assert refused.json()["detail"]


def test_a_tin_nobody_told_us_of_is_unknown_and_no_code_is_no_code(hq, store, code):
    assert hq.post("/units/sale", sale("(01)06901234567892(21)ELSE")).json()["code"] == "unknown"
    assert hq.post("/units/sale", sale("hello")).status_code == 422
    assert hq.post("/units/sale", sale("6901234567892")).status_code == 404
    assert hq.post("/units/return", {"code": code, "store": "S001"}).status_code == 409


def test_a_shops_token_sells_in_its_own_shop(caller, code, store, other_store):
    till = caller(Staff.Role.GUIDE, other_store)
    assert till.post("/units/sale", sale(code)).status_code == 404
    assert caller(Staff.Role.GUIDE, store).post("/units/sale", sale(code)).status_code == 201


def test_the_same_sale_sent_again_under_its_key_is_one(hq, code, store):
    for _n in range(2):
        assert hq.post("/units/sale", sale(code), idempotency_key="k").status_code == 201
    assert UnitOwner.objects.count() == 1


def test_a_lot_that_is_checked_stays_on_the_shelf_until_it_is_released(hq, code, store, lin):
    held = holding.hold(Lot.objects.get(), why="封口可能不牢", by=None)
    asked = hq("GET", f"/units?code={code}").json()
    assert (asked["word"], asked["may_be_sold"]) == ("held", False)
    refused = hq.post("/units/sale", sale(code))
    assert (refused.status_code, refused.json()["code"]) == (409, "held")
    holding.release(held, outcome="检测合格", by=None)
    assert hq.post("/units/sale", sale(code)).status_code == 201


def test_a_till_that_had_no_network_tells_late_and_what_is_gone_is_kept(hq, code, store, lin):
    """Refused at the counter; told two hours later it is at home, and the answer says what is wrong."""
    recalls.declare(scopes.of_lots(Lot.objects.all()), title="三段 L7", reason="抽检")
    assert hq.post("/units/sale", sale(code)).json()["code"] == "recalled"
    for wrong in (now() + timedelta(hours=1), now() - timedelta(days=8)):
        answer = hq.post("/units/sale", sale(code, sold_at=wrong.isoformat()))
        assert (answer.status_code, answer.json()["code"]) == (422, "sold_at")
    assert hq.post("/units/sale", sale(code, sold_at="2026-11-20T10:00:00")).status_code == 422
    then = now() - timedelta(hours=2)
    answer = hq.post("/units/sale", sale(code, sold_at=then.isoformat()))
    assert (answer.status_code, answer.json()["word"]) == (201, "recalled")
    owner = UnitOwner.objects.get()
    assert (owner.household, owner.sold_at) == (lin, then)
