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
from warmline.core.promises.breaking import break_overdue
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


def broken(promise):
    Promise.objects.filter(pk=promise.pk).update(due_at=now() - timedelta(days=1))
    break_overdue()
    promise.refresh_from_db()
    assert promise.status == "broken"
    return promise


def call(promise, outcome, key="k", **more):
    said = {"household": promise.household, "by": promise.keeper, "outcome": outcome, **more}
    logged = log_call(key=key, promise=promise, **said)
    promise.refresh_from_db()
    return logged


def test_a_call_for_a_broken_promise_makes_it_good_and_is_logged_against_it(promise):
    logged = call(broken(promise), "reached")
    assert (promise.status, promise.standing) == ("broken", "late")
    assert logged.contact.promise_id == promise.pk
    assert promise not in Promise.objects.owed()


@pytest.mark.parametrize("outcome", ["wrong_number", "no_answer"])
def test_a_broken_promise_that_cannot_be_made_good_is_let_off_and_says_why(promise, outcome):
    broken(promise)
    for n in range(3 if outcome == "no_answer" else 1):
        assert promise in Promise.objects.owed()
        call(promise, outcome, key=f"k{n}")
    assert (promise.status, promise.standing) == ("broken", "let_off")
    assert promise.waived_for


def test_a_broken_promise_is_let_off_for_another_day(promise):
    tomorrow = Next(now() + timedelta(days=1), "晚上再打")
    logged = call(broken(promise), "no_answer", next_=tomorrow)
    assert promise.standing == "let_off"
    assert logged.next_promise in Promise.objects.owed()


def test_who_does_not_want_calls_is_owed_none_not_even_a_late_one(promise, lin, zhou):
    broken(promise)
    due = now() + timedelta(days=1)
    others = {
        purpose: Promise.make("x", household=lin, keeper=zhou, due_at=due, purpose=purpose)
        for purpose in ("care", "sales", "service")
    }
    log_call(key="k", household=lin, by=None, outcome="refused")
    standing = {p: Promise.objects.get(pk=other.pk).standing for p, other in others.items()}
    assert standing == {"care": "waived", "sales": "waived", "service": "made"}
    promise.refresh_from_db()
    assert promise.standing == "let_off"
    with pytest.raises(ValidationError):
        log_call(key="k2", household=lin, by=zhou, outcome="refused", next_=Next(due))


def test_a_call_that_somebody_else_was_quicker_with_is_only_a_call(promise):
    promise.keep(by=promise.keeper)
    call(promise, "no_answer")
    assert (promise.status, promise.tries) == ("kept", 0)


def test_what_another_system_promises_is_kept_by_whoever_answers_for_the_family(lin, zhou):
    tomorrow = Next(now() + timedelta(days=1))
    logged = log_call(key="k", household=lin, by=None, outcome="later", next_=tomorrow)
    assert logged.next_promise.keeper == zhou


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
