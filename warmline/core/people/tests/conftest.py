"""Two stores of one region, a third in another, and the people who work there."""

from datetime import date

import pytest

from warmline.core.people import joining
from warmline.core.people.models import Consent, Region, Staff, Store

RECORD, CARE = Consent.Purpose.RECORD, Consent.Purpose.CARE


@pytest.fixture
def east(db):
    return Region.objects.create(code="east", name="华东")


@pytest.fixture
def store(east):
    """人民路店, Shanghai: open from nine to nine."""
    return Store.objects.create(
        code="S001", name="人民路店", region=east, latitude=31.23, longitude=121.47
    )


@pytest.fixture
def other_store(east):
    return Store.objects.create(code="S002", name="中山路店", region=east)


@pytest.fixture
def far_store(db):
    west = Region.objects.create(code="west", name="西北")
    return Store.objects.create(
        code="S900", name="乌鲁木齐店", region=west, latitude=43.83, longitude=87.62
    )


@pytest.fixture
def hire():
    """Somebody new: `hire("zhou", store=store)`."""

    def hire(username: str, *, role: str = "guide", **fields) -> Staff:
        return Staff.objects.create(username=username, name=username, role=role, **fields)

    return hire


@pytest.fixture
def zhou(hire, store):
    return hire("zhou", store=store)


@pytest.fixture
def wu(hire, other_store):
    return hire("wu", store=other_store)


@pytest.fixture
def join(store):
    """A family that joins: `join("林晓", "13912345678")`."""

    def join(name="林晓", phone="13912345678", **facts):
        facts = {
            "store": store,
            "babies": [joining.Baby(name="安安", born_on=date(2026, 5, 1))],
            "consents": [RECORD, CARE],
            **facts,
        }
        return joining.join(name=name, phone=phone, **facts)

    return join


@pytest.fixture
def lin(join, zhou):
    """The family of 林晓, whose home guide is 周."""
    return join(by=zhou)
