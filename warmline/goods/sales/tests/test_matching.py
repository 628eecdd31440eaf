"""A sale waits for its family, and a line for the catalogue."""

import pytest

from warmline.core.journal.models import Entry
from warmline.goods.catalog.models import Category
from warmline.goods.catalog.products import ProductIn, upsert
from warmline.goods.sales.matching import match, name_lines
from warmline.goods.sales.models import Sale, SaleLine
from warmline.goods.sales.posting import post
from warmline.goods.sales.signals import SalePosted
from warmline.goods.sales.tests.conftest import PHONE, family

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(clock):
    clock("2026-11-21T09:00:00+08:00")


def test_sales_before_a_member_joined_become_her_familys(store, tin, receipt):
    post(
        [
            receipt(document_no="1", member_no="M001", sold_at="2026-11-01T10:00:00"),
            receipt(document_no="2", member_no="", phone=PHONE),
            receipt(document_no="3", member_no="M002"),
        ],
        source="till",
    )
    lin = family(store, member_no="M001", phone=PHONE)
    assert match(lin) == 2
    assert match(lin) == 0
    assert set(
        Sale.objects.filter(household=lin.household).values_list("document_no", flat=True)
    ) == {
        "1",
        "2",
    }
    assert SaleLine.objects.filter(household_id=lin.household_id).count() == 2
    lin.household.refresh_from_db()
    assert str(lin.household.last_sale_on) == "2026-11-20"


def test_what_is_found_late_is_told_as_late(store, tin, receipt):
    post([receipt(sold_at="2026-11-01T10:00:00")], source="till")
    lin = family(store, member_no="M001")
    match(lin)
    signal = SalePosted.read(Entry.objects.get(kind=SalePosted.kind).body)
    assert (signal.household, signal.days_late, signal.is_first) == (lin.household_id, 20, True)
    assert signal.categories == ["formula"]


def test_a_phone_that_two_families_share_finds_nobody_elsewhere(store, far_store, tin, receipt):
    post([receipt(member_no="", phone=PHONE)], source="till")
    theirs = family(far_store, phone=PHONE)
    family(store, phone=PHONE)
    assert match(theirs) == 0


def test_lines_learn_what_they_sold_when_the_catalogue_does(lin, receipt):
    line = {"code": "6901234567892", "quantity": "1", "amount": "298.00"}
    others = [{"code": code} for code in ("P900", "P9", "901234567892", "34567892")]
    post([receipt(lines=[line, *(line | other for other in others)])], source="till")
    Category.objects.get_or_create(code="formula", defaults={"unit": "g", "use": "formula"})
    tin = ProductIn(code="P900", name="三段", category="formula", gtin="6901234567892", spec="900g")
    (put,) = upsert([tin])
    assert name_lines([put.id]) == {lin.household_id}
    known = SaleLine.objects.order_by("line_no").values_list("product", flat=True)
    assert list(known) == [put.id, put.id, None, None, None], "the tail of a bar code is another"
