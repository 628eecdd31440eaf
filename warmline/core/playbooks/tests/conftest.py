"""A store with its days laid out, guide Zhou, manager Chen, and families who allowed us to care."""

from datetime import date

import pytest

from warmline.core.contacts.house_rules import install as install_rules
from warmline.core.contacts.models import Budget, QuietHours
from warmline.core.people import calendar
from warmline.core.people.models import Child, Consent, Household, Member, Staff, Store
from warmline.core.playbooks.builtin import install
from warmline.core.playbooks.models import Playbook
from warmline.core.promises.models import Script

FIRST = date(2026, 9, 20)


@pytest.fixture(autouse=True)
def rules(db):
    install_rules(Budget, QuietHours)


@pytest.fixture
def store(db):
    store = Store.objects.create(code="S1", name="南京路店", latitude=31.2, longitude=121.5)
    calendar.lay_out([store], FIRST, 90)
    return store


@pytest.fixture
def zhou(store):
    return Staff.objects.create(username="zhou", name="周敏", store=store)


@pytest.fixture
def chen(store):
    return Staff.objects.create(username="chen", name="陈姐", store=store, role="manager")


@pytest.fixture
def family(store, zhou):
    """Make a family: `family(born_on=…, allows=("care",))`."""

    def make(*, born_on=None, due_on=None, allows=("care",), guide=zhou, **fields):
        fields = {"store": store, "joined_on": date(2026, 1, 5), **fields}
        household = Household.objects.create(home_guide=guide, **fields)
        Member.objects.create(household=household, name="林月")
        if born_on or due_on:
            Child.objects.create(household=household, born_on=born_on, due_on=due_on)
        for purpose in allows:
            Consent.objects.create(
                household=household, purpose=purpose, granted=True, channel="store",
                text_version="1",
            )  # fmt: skip
        return household

    return make


@pytest.fixture
def only(db):
    """Switch on these built-in playbooks and no others."""

    install(Playbook, Script)

    def only(*codes):
        Playbook.objects.update(is_on=False)
        Playbook.objects.filter(code__in=codes).update(is_on=True)
        return Playbook.objects.get(code=codes[0])

    return only
