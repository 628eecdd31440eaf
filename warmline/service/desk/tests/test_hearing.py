"""What people write back adds to what they have open; thanks and R want no case."""

from datetime import UTC, datetime

import pytest

from warmline.core.contacts.channels import Reply
from warmline.core.contacts.models import Contact
from warmline.service.desk.hearing import hear
from warmline.service.desk.models import Arrival, Case, ChannelLine

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def reply(text, n=1, **who):
    return Reply(text=text, at=AT, event_id=f"e{n}", **(who or {"phone": "+8613912345678"}))


@pytest.fixture(autouse=True)
def first_store(store):
    return store


def test_an_answer_belongs_to_the_case_they_have_open(case, clock):
    clock("2026-11-24T15:00:00+08:00")
    assert hear([reply("还没人打给我")]) == 2  # a contact in their file, and one of the case
    assert case.arrivals.count() == 2
    assert Case.objects.count() == 1


def test_without_one_it_is_a_new_case(lin, clock):
    clock("2026-11-23T17:10:00+08:00")
    hear([reply("奶粉里有虫子")])
    case = Case.objects.get()
    assert (case.household, case.channel, case.urgency) == (lin, "sms", 1)


def test_posted_again_it_is_one(lin, clock):
    clock("2026-11-23T17:10:00+08:00")
    hear([reply("在吗")])
    assert hear([reply("在吗")]) == 0
    assert Arrival.objects.count() == ChannelLine.objects.count() == 1


@pytest.mark.parametrize("words", ["谢谢", "R", "退订"])
def test_thanks_and_no_more_messages_are_no_case(lin, clock, words):
    clock("2026-11-23T17:10:00+08:00")
    hear([reply(words)])
    assert not Case.objects.exists()
    assert Contact.objects.count() == 1


def test_a_number_nobody_knows_is_heard_too(clock, db):
    clock("2026-11-23T17:10:00+08:00")
    hear([reply("你们几点关门", phone="+8613700000000"), reply("喂", 2, phone="+8613700000000")])
    case = Case.objects.get()
    assert (case.household, case.arrivals.count()) == (None, 2)


def test_so_is_a_message_in_wecom(lin, clock):
    clock("2026-11-23T17:10:00+08:00")
    lin.members.update(wecom_id="wm1")
    hear([reply("想换个尺码", wecom_id="wm1"), reply("有人吗", 2, wecom_id="stranger")])
    assert set(Case.objects.values_list("household", "channel")) == {
        (lin.pk, "wecom"),
        (None, "wecom"),
    }
