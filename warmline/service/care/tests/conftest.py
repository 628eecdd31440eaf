"""A family with a baby, a tin, and a till."""

from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from django.db import transaction

from warmline.core.people.models import Child, Household, Member, Staff, Store
from warmline.goods.catalog.models import Category, Product
from warmline.goods.sales.models import Sale, SaleLine
from warmline.service.care.observing import observe_sales


@pytest.fixture
def store(db):
    return Store.objects.create(code="S1", name="春熙路店", latitude=30.657, longitude=104.081)


@pytest.fixture
def zhou(store):
    return Staff.objects.create_user("zhou", name="周洁", store=store, role="guide")


@pytest.fixture
def lin(store, zhou):
    """林晓's family: 安安 was born on 9 July 2026 and is fed formula alone."""
    family = Household.objects.create(store=store, home_guide=zhou, joined_on=date(2026, 7, 20))
    Member.objects.create(household=family, name="林晓")
    Child.objects.create(household=family, born_on=date(2026, 7, 9), feeding="formula")
    return family


@pytest.fixture
def formula(db):
    category, _made = Category.objects.get_or_create(
        code="formula", defaults={"use": "formula", "unit": "g", "name": {"zh-hans": "奶粉"}}
    )
    return category


@pytest.fixture
def tin(formula):
    return Product.objects.create(
        code="T800", name="暖暖 1段 800g", category=formula, stage=1, content=800
    )


@pytest.fixture
def buy(store, tin):
    """Post a receipt as the till would, and let care learn from it."""
    numbers = count(1)

    def buy(family, on, packs=1, product=tin, learn=True):
        sale = Sale.objects.create(
            source="till",
            document_no=f"D{next(numbers)}",
            store=store,
            household=family,
            sold_at=f"{on}T10:00+08:00",
            sold_on=on,
            total=Decimal(0),
        )
        SaleLine.objects.create(
            sale=sale,
            household_id=family.pk,
            line_no=1,
            product=product,
            code=product.code,
            quantity=packs,
            amount=Decimal(0),
        )
        if learn:
            with transaction.atomic():
                observe_sales([sale.pk])
        return sale

    return buy
