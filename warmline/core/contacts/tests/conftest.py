"""A store, its guide Zhou, and the Lin family who allowed us to care and to offer."""

from datetime import date

import pytest

from warmline.core.contacts.house_rules import install
from warmline.core.contacts.models import Budget, QuietHours
from warmline.core.people.models import Child, Consent, Household, Member, Staff, Store


@pytest.fixture(autouse=True)
def rules(request):
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        install(Budget, QuietHours)


@pytest.fixture
def store(db):
    return Store.objects.create(code="S1", name="南京路店", latitude=31.2, longitude=121.5)


@pytest.fixture
def zhou(store):
    return Staff.objects.create(username="zhou", name="周敏", store=store, wecom_id="zhou")


@pytest.fixture
def lin(store, zhou):
    household = Household.objects.create(store=store, home_guide=zhou, joined_on=date(2026, 1, 5))
    member = Member(household=household, name="林月", email="lin@example.com")
    member.set_phone("+8613800138000")
    member.save()
    Child.objects.create(household=household, name="小满", born_on=date(2026, 3, 1))
    return household


@pytest.fixture
def allow():
    def allow(household, *purposes, granted=True):
        for purpose in purposes:
            Consent.objects.create(
                household=household, purpose=purpose, granted=granted, channel="store",
                text_version="1",
            )  # fmt: skip

    return allow
