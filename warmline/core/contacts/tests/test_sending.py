"""A message is queued once, through the gates, with an address, and not at night."""

from datetime import UTC, datetime

import pytest

from warmline.core.contacts.gates import Blocked
from warmline.core.contacts.models import Message
from warmline.core.contacts.sending import NoAddress, TooLong, queue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(clock):
    clock("2026-11-21T12:00:00+08:00")


def test_the_same_key_is_the_same_message(lin):
    first = queue("k", household=lin, channel="sms", purpose="logistics", text="已发货")
    assert queue("k", household=lin, channel="sms", purpose="logistics", text="已发货") == first
    assert Message.objects.get().to == "+8613800138000"


def test_a_gate_that_refuses_says_which(lin):
    with pytest.raises(Blocked) as blocked:
        queue("k", household=lin, channel="sms", purpose="sales", text="新品")
    assert [r.rule for r in blocked.value.refusals] == ["consent"]
    assert not Message.objects.exists()


def test_the_budget_counts_what_is_still_waiting(lin, allow):
    allow(lin, "survey")
    queue("a", household=lin, channel="sms", purpose="survey", text="请评价")
    with pytest.raises(Blocked):
        queue("b", household=lin, channel="email", purpose="survey", text="请评价")


def test_a_soft_refusal_yields_to_a_person_who_read_it(lin, allow, clock):
    allow(lin, "care")
    for key in "abc":
        queue(key, household=lin, channel="sms", purpose="care", text="问候")
    with pytest.raises(Blocked):
        queue("d", household=lin, channel="sms", purpose="care", text="问候")
    assert queue("d", household=lin, channel="sms", purpose="care", text="问候", read_why=True).pk


def test_at_night_a_text_waits_for_the_morning(lin, allow, clock):
    allow(lin, "care")
    clock("2026-11-21T22:00:00+08:00")
    message = queue("k", household=lin, channel="sms", purpose="care", text="问候")
    assert message.run_at == datetime(2026, 11, 22, 0, tzinfo=UTC)
    recall = queue("r", household=lin, channel="sms", purpose="recall", text="请停用")
    assert recall.run_at == datetime(2026, 11, 21, 14, tzinfo=UTC)


def test_an_offer_says_how_to_be_rid_of_the_next(lin, allow):
    allow(lin, "sales")
    message = queue("k", household=lin, channel="sms", purpose="sales", text="新品到店")
    assert message.text.endswith("拒收请回复R")


def test_a_text_to_a_colleague_passes_no_gate(zhou):
    message = queue("k", staff=zhou, channel="wecom", purpose="service", text="请看一下")
    assert (message.to, message.store_id) == ("zhou", zhou.store_id)


def test_without_a_number_nothing_is_queued(lin):
    with pytest.raises(NoAddress):
        queue("k", household=lin, channel="wecom", purpose="logistics", text="已发货")


def test_a_text_of_many_parts_is_not_queued(lin):
    with pytest.raises(TooLong):
        queue("k", household=lin, channel="sms", purpose="logistics", text="很" * 600)


def test_a_stranger_who_asked_a_store_is_answered_where_they_said(lin, clock):
    clock("2026-11-21T22:30:00+08:00")
    said = {"channel": "sms", "purpose": "service", "text": "收到了", "address": "+8613700000000"}
    message = queue("k", store=lin.store, **said)
    assert (message.to, message.household, message.store) == ("+8613700000000", None, lin.store)
    assert message.run_at.astimezone(lin.store.zone).hour == 8  # not in the quiet hours
