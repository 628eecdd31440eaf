"""Odd buying becomes a case of the store's manager, which no family sees; what it was ends the case."""

from datetime import date

import pytest

from warmline.core.journal.reacting import react_once
from warmline.core.journal.recording import record
from warmline.core.journal.workers import Shift
from warmline.core.people.models import Household, Region, Staff, Store
from warmline.core.promises.models import Promise
from warmline.service.care import odd_buying
from warmline.service.care.models import BuyingRule, OddBuying
from warmline.service.care.signals import OddBuyingFound
from warmline.service.desk.models import Case, CaseKind


@pytest.fixture
def store(db):
    odd_buying.install(BuyingRule)
    region = Region.objects.create(code="CW", name="川西大区")
    return Store.objects.create(code="CX", name="春熙路店", region=region)


@pytest.fixture
def hejing(store):
    return Staff.objects.create(username="hejing", name="何静", role="manager", store=store)


@pytest.fixture
def lin(store):
    return Household.objects.create(store=store, joined_on=date(2026, 7, 20))


def find(store, lin, *, staff=None, code="hoard"):
    from django.db import transaction

    with transaction.atomic():
        odd = OddBuying.objects.create(
            rule=BuyingRule.objects.get(code=code), household=lin, store=store, staff=staff,
            since=date(2026, 11, 1), until=date(2026, 11, 22),
            figures={"packs": 14, "times": 7, "amount": 700.0},
        )  # fmt: skip
        record(OddBuyingFound(household=lin.pk, store=store.pk, odd=odd.pk))
    react_all()
    odd.refresh_from_db()
    return odd


def react_all():
    with Shift("test") as shift:
        while react_once(shift):
            pass


def test_it_is_a_case_of_the_stores_manager_and_no_familys(store, lin, hejing):
    odd = find(store, lin)
    case = Case.objects.get(pk=odd.case_id)
    assert (case.owner, case.kind.code, case.household) == (hejing, "abnormal", None)
    assert case.answer_by
    assert case.finish_by
    assert "14" in case.events.get(seq=1).words
    assert not Promise.objects.filter(household=lin).exists()
    guide = Staff.objects.create(username="zhou", name="周洁", role="guide", store=store)
    assert not Case.objects.seen_by(guide).filter(pk=case.pk).exists()
    assert case.kind not in CaseKind.objects.offered()
    odd_buying.resolve(odd, is_explained=True, words="替三家亲戚带的", by=hejing)
    react_all()
    case.refresh_from_db()
    assert (case.state, case.outcome, case.finished_by) == ("review", "explained", hejing)


def test_a_manager_does_not_look_into_herself(store, lin, hejing):
    above = Staff.objects.create(username="luo", name="罗总", role="manager", region=store.region)
    odd = find(store, lin, staff=hejing, code="staff")
    assert Case.objects.get(pk=odd.case_id).owner == above


def test_without_a_manager_it_is_the_agents(store, lin):
    odd = find(store, lin)
    case = Case.objects.get(pk=odd.case_id)
    assert (case.owner, case.queue) == (None, "desk")
