"""Reports and replies change what they should, once, however often they are posted."""

from datetime import UTC, datetime

import pytest

from warmline.core.contacts.channels import Reply, Report
from warmline.core.contacts.models import Contact, Message
from warmline.core.contacts.reports import take_replies, take_reports
from warmline.core.journal.models import Entry
from warmline.core.people import consenting
from warmline.core.people.models import Consent, Household, Member

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 4, tzinfo=UTC)


def report(**said):
    said = {"key": "", "receipt": "r1", "delivered": True, "code": "", "text": "", **said}
    return Report(phone="+8613800138000", at=AT, **said)


def reply(text, event_id="e1"):
    return Reply(phone="+8613800138000", text=text, at=AT, event_id=event_id)


@pytest.fixture
def message(lin):
    return Message.objects.create(
        key="k", household=lin, channel="sms", purpose="logistics", to="x", text="x",
        status="accepted", accepted_at=AT, receipt="r1",
    )  # fmt: skip


def test_a_report_counts_once(message):
    assert take_reports([report(), report()]) == 1
    message.refresh_from_db()
    assert (message.status, message.delivered_at) == ("delivered", AT)


def test_what_did_not_arrive_has_failed_and_somebody_hears(message):
    take_reports([report(delivered=False, code="MK:0004", text="关机")] * 2)
    message.refresh_from_db()
    assert (message.status, message.error) == ("failed", "MK:0004 关机")
    assert Entry.objects.filter(kind="contacts.message_failed").count() == 1


def test_a_report_settles_what_was_uncertain_by_our_own_key(message):
    Message.objects.update(status="uncertain", receipt="", accepted_at=None)
    assert take_reports([report(key="k", receipt="theirs")]) == 1
    message.refresh_from_db()
    assert (message.status, message.receipt) == ("delivered", "theirs")


def test_a_report_of_something_that_is_not_ours_changes_nothing(message):
    assert take_reports([report(receipt="other"), report(receipt="", key="")]) == 0


def test_a_word_of_refusal_withdraws_consent_once(lin, allow):
    allow(lin, "sales", "survey", "care")
    assert take_replies([reply("退订"), reply("退订")]) == 1
    assert not consenting.allowed(lin, "sales")
    assert not consenting.allowed(lin, "survey")
    assert consenting.allowed(lin, "care")
    assert Consent.objects.filter(granted=False).count() == 2
    assert Entry.objects.get(kind="contacts.opted_out").body["word"] == "退订"


def test_who_refuses_after_a_care_message_means_care_too(lin, allow, message):
    allow(lin, "care")
    Message.objects.update(purpose="care")
    take_replies([reply("R")])
    assert not consenting.allowed(lin, "care")


def test_any_other_answer_is_a_contact_and_its_red_flags_are_seen(lin, allow):
    allow(lin, "sales")
    take_replies([reply("宝宝发烧了怎么办"), reply("宝宝发烧了怎么办")])
    contact = Contact.objects.get()
    assert (contact.is_inbound, contact.note) == (True, "宝宝发烧了怎么办")
    assert consenting.allowed(lin, "sales")
    assert Entry.objects.filter(kind="contacts.red_flag").count() == 1


def test_a_shared_number_speaks_for_both_families(lin, store, allow):
    other = Household.objects.create(store=store, joined_on="2026-01-01")
    member = Member(household=other, name="林父")
    member.set_phone("+8613800138000")
    member.save()
    allow(lin, "sales")
    allow(other, "sales")
    assert take_replies([reply("T")]) == 2
    assert not consenting.allowed(lin, "sales")
    assert not consenting.allowed(other, "sales")


def test_a_number_nobody_knows_is_nobody(lin):
    Member.objects.all().update(phone_bi=b"0" * 16)
    assert take_replies([reply("R")]) == 0
