"""A shop in Chengdu, its people, and a father whose tin had a broken seal."""

from datetime import date

import pytest

from warmline.core.people.models import Household, Member, Staff, Store
from warmline.service.desk import builtin
from warmline.service.desk.models import CaseKind, Department
from warmline.service.desk.receiving import Asker, receive

MORNING = "2026-11-23T10:00:00+08:00"  # a Monday; the sun sets at 18:03 in Chengdu
AFTERNOON = "2026-11-23T16:40:00+08:00"
SUNDOWN = "2026-11-23T10:03:00+00:00"
TUESDAY_SUNDOWN = "2026-11-24T10:02:00+00:00"


@pytest.fixture(autouse=True)
def what_a_desk_begins_with(request):
    if {"db", "transactional_db"} & set(request.fixturenames):
        builtin.install(CaseKind, Department)


@pytest.fixture
def store(db):
    return Store.objects.create(code="S1", name="春熙路店", latitude=30.657, longitude=104.081)


@pytest.fixture
def far_store(db):
    return Store.objects.create(code="S2", name="乌鲁木齐店", latitude=43.83, longitude=87.62)


@pytest.fixture
def hire(store):
    def hire(username, *, role="guide", store=store, **fields):
        return Staff.objects.create(
            username=username, name=username, role=role, store=store, **fields
        )

    return hire


@pytest.fixture
def zhou(hire):
    """Who sold it."""
    return hire("zhou", phone="+8613900000001", wecom_id="zhou")


@pytest.fixture
def wu(hire):
    return hire("wu")


@pytest.fixture
def hejing(hire):
    return hire("hejing", role="manager")


@pytest.fixture
def ding(hire):
    return hire("ding", role="agent", store=None)


@pytest.fixture
def qin(hire):
    return hire("qin", role="hq", store=None)


@pytest.fixture
def lin(store, zhou):
    """The family of 林浩, the father, whose home guide is 周."""
    family = Household.objects.create(store=store, home_guide=zhou, joined_on=date(2026, 7, 20))
    father = Member(household=family, name="林浩", relation="father")
    father.set_phone("+8613912345678")
    father.save()
    return family


@pytest.fixture
def father(lin):
    return lin.members.get()


@pytest.fixture
def ask(store, lin, zhou):
    """A contact from the store's page: `ask("罐口没有封好")`."""

    def ask(words="奶粉罐口没有封好", *, phone="+8613912345678", kind="quality", **rest):
        asker = Asker(name="林先生", phone=phone)
        return receive(
            **{
                "channel": "web",
                "words": words,
                "asker": asker,
                "store": store,
                "kind": kind,
                **rest,
            }
        )

    return ask


@pytest.fixture
def case(clock, ask):
    clock(AFTERNOON)
    return ask().case


@pytest.fixture
def purchasing(db, hire):
    department = Department.objects.get(code="purchasing")
    department.keepers.add(hire("cai", role="hq", store=None))
    return department
