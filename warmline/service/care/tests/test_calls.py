"""A call and what follows from it: once, for the family it was made with, in whichever order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from warmline.base.clock import now
from warmline.base.stateful import WrongMove
from warmline.core.contacts.models import Contact
from warmline.core.people.models import Household, Store
from warmline.core.promises.models import Promise
from warmline.service.care.calls import Next, log_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def promise(lin, zhou):
    return Promise.make(
        "contacts.call_back", household=lin, keeper=zhou, due_at=now() + timedelta(hours=2)
    )


def test_a_call_with_one_family_keeps_no_promise_made_to_another(promise, zhou, store):
    stranger = Household.objects.create(store=store, joined_on="2026-07-20")
    with pytest.raises(WrongMove):
        log_call(key="k", household=stranger, by=zhou, outcome="reached", promise=promise)
    promise.refresh_from_db()
    assert promise.status == "made"
    assert not Contact.objects.exists()


def test_a_call_that_was_queued_too_long_is_still_the_one_that_was_logged(lin, zhou, clock):
    clock("2026-11-21T09:00:00+08:00")
    soon = Next(now() + timedelta(hours=1), "再打一次")
    said = {"key": "k", "household": lin, "by": zhou, "outcome": "later", "next_": soon}
    first = log_call(**said)
    clock("2026-11-21T12:00:00+08:00")
    assert log_call(**said) == first
    with pytest.raises(ValidationError):
        log_call(**{**said, "key": "another"})


def test_what_an_agent_elsewhere_promises_is_owed_by_the_familys_own_store(lin, hire_agent):
    tomorrow = Next(now() + timedelta(days=1))
    call = log_call(key="k", household=lin, by=hire_agent, outcome="later", next_=tomorrow)
    assert call.next_promise.store_id == lin.store_id
    assert call.next_promise.keeper == hire_agent


@pytest.fixture
def hire_agent(zhou):
    elsewhere = Store.objects.create(code="HQ", name="总部")
    return type(zhou).objects.create_user("he", name="何静", role="agent", store=elsewhere)


@pytest.mark.django_db(transaction=True)
def test_two_taps_in_two_processes_at_once_are_one_try(promise, lin, zhou):
    def tap(_n):
        try:
            return log_call(key="k", household=lin, by=zhou, outcome="no_answer", promise=promise)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as taps:
        calls = list(taps.map(tap, range(4)))
    assert len({call.contact.pk for call in calls}) == 1
    promise.refresh_from_db()
    assert promise.tries == 1
