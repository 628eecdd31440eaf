"""Two guides of two stores, one family with a baby and a tin."""

from datetime import date

import pytest

from warmline.core.people import joining
from warmline.core.people.models import Consent, Staff, Store


@pytest.fixture
def morning(clock):
    clock("2026-11-21T09:00:00+08:00")


@pytest.fixture
def store(db, morning):
    return Store.objects.create(code="CX", name="春熙路店", latitude=30.657, longitude=104.081)


@pytest.fixture
def zhou(store):
    return Staff.objects.create_user("zhou", "-", name="周洁", store=store, role="guide")


@pytest.fixture
def wu(db):
    other = Store.objects.create(code="JS", name="建设路店")
    return Staff.objects.create_user("wu", "-", name="吴倩", store=other, role="guide")


@pytest.fixture
def lin(zhou, store):
    """林晓 with 安安, 4 months and 12 days old."""
    return joining.join(
        store=store,
        by=zhou,
        name="林晓",
        phone="13812345678",
        babies=[joining.Baby(name="安安", born_on=date(2026, 7, 9), feeding="formula")],
        consents=list(Consent.Purpose),
    )


@pytest.fixture
def page(client, zhou):
    """The browser of 周洁."""
    client.force_login(zhou)
    return client
