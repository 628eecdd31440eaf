"""A shop in Chengdu, its people, a family, and a father whose tin had a broken seal."""

from datetime import date

import pytest

from warmline.core.people import joining
from warmline.core.people.models import Consent, Region, Staff, Store
from warmline.service.desk import builtin
from warmline.service.desk.models import CaseKind, Department
from warmline.service.desk.receiving import Asker, receive

AFTERNOON = "2026-11-23T16:40:00+08:00"  # a Monday; the sun sets at 18:03 in Chengdu


@pytest.fixture(autouse=True)
def what_a_desk_begins_with(request):
    if {"db", "transactional_db"} & set(request.fixturenames):
        builtin.install(CaseKind, Department)


@pytest.fixture
def afternoon(clock):
    clock(AFTERNOON)
    return clock


@pytest.fixture
def region(db):
    return Region.objects.create(code="CX", name="川西大区")


@pytest.fixture
def store(region, afternoon):
    return Store.objects.create(
        code="CX1", name="春熙路店", latitude=30.657, longitude=104.081, region=region
    )


@pytest.fixture
def far_store(db):
    return Store.objects.create(code="UQ", name="乌鲁木齐店", latitude=43.83, longitude=87.62)


@pytest.fixture
def hire(store):
    def hire(username, name="", *, role="guide", store=store, **fields):
        return Staff.objects.create_user(
            username, "-", name=name or username, role=role, store=store, **fields
        )

    return hire


@pytest.fixture
def zhou(hire):
    """The guide of the family."""
    return hire("zhou", "周洁")


@pytest.fixture
def wu(hire):
    return hire("wu", "吴倩")


@pytest.fixture
def hejing(hire):
    return hire("hejing", "何静", role="manager")


@pytest.fixture
def ding(hire):
    return hire("ding", "丁宁", role="agent", store=None)


@pytest.fixture
def mei(hire):
    return hire("mei", "梅兰", role="agent", store=None)


@pytest.fixture
def qin(hire):
    return hire("qin", "秦总", role="hq", store=None)


@pytest.fixture
def lin(store, zhou):
    """林浩 with 安安, 4 months old."""
    return joining.join(
        store=store,
        by=zhou,
        name="林浩",
        phone="13912345678",
        relation="father",
        babies=[joining.Baby(name="安安", born_on=date(2026, 7, 9), feeding="formula")],
        consents=list(Consent.Purpose),
    )


@pytest.fixture
def ask(store):
    def ask(words="奶粉罐口没有封好", *, phone="+8613912345678", kind="quality", **rest):
        told = {"channel": "web", "store": store, "asker": Asker(name="林先生", phone=phone)}
        return receive(**{**told, "words": words, "kind": kind, **rest}).case

    return ask


@pytest.fixture
def case(ask, lin):
    return ask()


@pytest.fixture
def at(client):
    """`at(ding)`: her browser."""

    def at(staff):
        client.force_login(staff)
        session = client.session
        session["second_factor"] = True  # managers and head office show it when they sign in
        session.save()
        return client

    return at
