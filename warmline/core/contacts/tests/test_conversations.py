"""A conversation is logged once, moves what it should move, and a red flag is never overheard."""

from datetime import UTC, datetime

import pytest

from warmline.core.contacts import red_flags
from warmline.core.contacts.conversations import KeyTaken, log
from warmline.core.contacts.models import Contact
from warmline.core.contacts.red_flags import CARDS, Topic
from warmline.core.journal.models import Entry
from warmline.core.people.models import Consent, Household

pytestmark = pytest.mark.django_db


def test_the_same_key_is_the_same_conversation(lin, zhou):
    first = log(key="tap", household=lin, staff=zhou, outcome="reached", note="宝宝很好")
    second = log(key="tap", household=lin, staff=zhou, outcome="reached", note="宝宝很好")
    assert first == second
    assert Entry.objects.filter(kind="contacts.logged").count() == 1
    assert Contact.objects.get().note == "宝宝很好"


def test_a_key_of_one_family_says_nothing_about_another(lin, zhou, store):
    log(key="tap", household=lin, staff=zhou, outcome="reached")
    other = Household.objects.create(store=store, joined_on="2026-01-01")
    with pytest.raises(KeyTaken):
        log(key="tap", household=other, staff=zhou, outcome="reached")


def test_only_a_real_conversation_is_the_last_one(lin, zhou, clock):
    clock("2026-11-21T10:00:00+08:00")
    log(key="a", household=lin, staff=zhou, outcome="reached")
    clock("2026-11-21T11:00:00+08:00")
    log(key="b", household=lin, staff=zhou, outcome="no_answer")
    lin.refresh_from_db()
    assert lin.last_contact_at == datetime(2026, 11, 21, 2, tzinfo=UTC)


def test_a_call_logged_late_does_not_turn_the_clock_back(lin, zhou, clock):
    clock("2026-11-21T10:00:00+08:00")
    log(key="a", household=lin, staff=zhou, outcome="reached")
    log(key="b", household=lin, staff=zhou, outcome="reached", at=datetime(2026, 11, 1, tzinfo=UTC))
    lin.refresh_from_db()
    assert lin.last_contact_at == datetime(2026, 11, 21, 2, tzinfo=UTC)


def test_do_not_call_withdraws_what_was_allowed(lin, zhou, allow):
    allow(lin, "care", "sales")
    log(key="a", household=lin, staff=zhou, outcome="refused")
    latest = {c.purpose: c.granted for c in Consent.objects.order_by("pk")}
    assert latest == {"care": False, "sales": False, "survey": False}


def test_a_red_flag_in_a_note_is_announced_without_its_words(lin, zhou):
    log(key="a", household=lin, staff=zhou, outcome="reached", note="罐口没有封好，宝宝拉肚子")
    entry = Entry.objects.get(kind="contacts.red_flag")
    assert entry.body["topic"] == Topic.HEALTH
    assert "宝宝" not in str(entry.body)


@pytest.mark.parametrize(
    ("note", "topic"),
    [
        ("妈妈说活着没意思，晚上总哭", Topic.SELF_HARM),
        ("妈妈说 活 不 下 去", Topic.SELF_HARM),
        ("She wants to die", Topic.SELF_HARM),
        ("宝宝昨晚高烧39度", Topic.HEALTH),
        ("there is blood in the stool", Topic.HEALTH),
        ("奶粉里有虫子", Topic.SAFETY),
        ("the tin was not sealed", Topic.SAFETY),
        ("宝宝胃口很好，下周来买两罐", None),
        ("talked about prices in bulgaria", None),
        ("", None),
    ],
)
def test_red_flags_are_recognised_in_both_languages(note, topic):
    assert red_flags.look(note) == topic


def test_every_topic_has_a_card_with_a_number_to_ring():
    for topic in Topic:
        card = CARDS[topic]
        assert card.hotlines
        assert str(card.say)
        assert str(card.avoid)
    numbers = {hotline.number for hotline in CARDS[Topic.SELF_HARM].hotlines}
    assert numbers == {"120", "12356"}
