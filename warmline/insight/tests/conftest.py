"""A small shop that is in order: a family with a baby, what she bought, promised and heard."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from warmline.base.clock import now, today
from warmline.core.contacts import conversations
from warmline.core.people import calendar, joining
from warmline.core.people.models import Consent, Staff, Store
from warmline.core.promises.models import Promise
from warmline.goods.catalog.models import Category, Product
from warmline.goods.sales.models import Sale, SaleLine
from warmline.service.care.observing import observe_sales


@pytest.fixture
def store(db):
    store = Store.objects.create(code="S1", name="春熙路店", latitude=30.657, longitude=104.081)
    calendar.lay_out([store], today(), 3)
    return store


@pytest.fixture
def zhou(store):
    return Staff.objects.create_user("zhou", name="周洁", store=store, role="guide")


@pytest.fixture
def lin(store, zhou):
    return joining.join(
        store=store,
        name="林晓",
        phone="13912345678",
        babies=[joining.Baby(name="安安", born_on=date(2026, 5, 1))],
        consents=[Consent.Purpose.RECORD, Consent.Purpose.CARE],
        by=zhou,
    )


@pytest.fixture
def tin(db):
    category, _made = Category.objects.get_or_create(
        code="formula", defaults={"use": "formula", "unit": "g", "name": {"zh-hans": "奶粉"}}
    )
    return Product.objects.create(code="T800", name="暖暖 1段 800g", category=category, content=800)


@pytest.fixture
def sale(lin, tin):
    sale = Sale.objects.create(
        source="till", document_no="D1", store=lin.store, household=lin, member=lin.members.get(),
        sold_at=now(), sold_on=today(), total=Decimal("298"),
    )  # fmt: skip
    SaleLine.objects.create(
        sale=sale, household_id=lin.pk, line_no=1, product=tin, code=tin.code, quantity=1,
        amount=Decimal("298"),
    )  # fmt: skip
    lin.last_sale_on = sale.sold_on
    lin.save(update_fields=["last_sale_on"])
    with transaction.atomic():
        observe_sales([sale.pk])
    return sale


@pytest.fixture
def promise(lin, zhou):
    due = calendar.due_by_sundown(lin.store, now())
    return Promise.make("contacts.call_back", household=lin, keeper=zhou, due_at=due)


@pytest.fixture
def contact(lin, zhou, promise):
    return conversations.log(
        key="c1", household=lin, staff=zhou, outcome="reached", note="宝宝胃口很好",
        medium="phone", purpose="care", promise_id=promise.pk,
    )  # fmt: skip


@pytest.fixture
def good_shop(lin, sale, promise, contact):
    """Everything of it: nothing is wrong here."""
    return lin
