"""A store, a family of it with a member number and a phone, and a few articles."""

from datetime import date

import pytest

from warmline.core.people.models import Household, Member, Store
from warmline.goods.catalog.models import Category, Product
from warmline.goods.sales.receipts import SaleIn

PHONE = "+8613912345678"


@pytest.fixture
def store(db):
    return Store.objects.create(code="S001", name="人民路店")


@pytest.fixture
def far_store(db):
    return Store.objects.create(code="W001", name="乌鲁木齐店", time_zone="Asia/Urumqi")


def family(store, *, name="林晓", member_no=None, phone=""):
    household = Household.objects.create(store=store, joined_on=date(2026, 1, 1))
    member = Member(household=household, name=name, member_no=member_no)
    member.set_phone(phone)
    member.save()
    return member


@pytest.fixture
def lin(store):
    return family(store, member_no="M001", phone=PHONE)


@pytest.fixture
def tin(db):
    formula, _made = Category.objects.get_or_create(
        code="formula", defaults={"unit": "g", "use": "formula"}
    )
    return Product.objects.create(
        code="P900", gtin="06901234567892", name="三段 900g", category=formula, content=900
    )


@pytest.fixture
def receipt(store):
    """A receipt of two tins; say what differs."""

    def write(**differs):
        said = {
            "document_no": "R-1",
            "store": store.code,
            "sold_at": "2026-11-20T10:30:00+08:00",
            "member_no": "M001",
            "lines": [{"code": "P900", "quantity": "2", "amount": "596.00"}],
        }
        return SaleIn.model_validate(said | differs)

    return write
