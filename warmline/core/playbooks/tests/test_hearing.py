"""What happens becomes promises: once an entry and playbook, by whom and until when it says."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from warmline.core.contacts.conversations import log
from warmline.core.journal.models import Entry, Task
from warmline.core.journal.reacting import react_once
from warmline.core.journal.recording import record
from warmline.core.journal.workers import Shift
from warmline.core.people.models import Consent, StoreDay
from warmline.core.people.signals import FamilyJoined
from warmline.core.playbooks.editing import edit, switch
from warmline.core.playbooks.hearing import hear
from warmline.core.playbooks.models import Playbook
from warmline.core.promises.breaking import break_overdue
from warmline.core.promises.models import Promise, Script

pytestmark = pytest.mark.django_db
JOINED = "people.family_joined"


@pytest.fixture(autouse=True)
def ten_o_clock(clock):
    clock("2026-11-21T10:00:00+08:00")


def joins(household, source="store"):
    signal = FamilyJoined(
        household=household.pk, store=household.store_id, source=source, has_child=False
    )
    with transaction.atomic():
        return record(signal)


def test_a_new_family_is_rung_on_the_next_day(family, zhou, only):
    only("welcome")
    lin = family()
    hear([joins(lin)])
    promise = Promise.objects.get()
    tomorrow = StoreDay.objects.get(on="2026-11-22")
    assert (promise.keeper, promise.kind, promise.due_at) == (
        zhou, "care.welcome", tomorrow.sundown_at,
    )  # fmt: skip
    assert promise.shows_at == datetime(2026, 11, 21, 16, tzinfo=UTC)  # midnight in the store


def test_a_family_from_a_file_is_not_rung(family, only):
    only("welcome")
    hear([joins(family(), source="import")])
    assert not Promise.objects.exists()


def test_an_entry_heard_twice_is_one_promise(family, only):
    only("welcome")
    entry = joins(family())
    hear([entry])
    hear([entry])
    assert Promise.objects.count() == 1


def test_many_entries_are_heard_in_a_constant_number_of_statements(
    family, only, django_assert_max_num_queries
):
    only("welcome")
    entries = [joins(family()) for _n in range(5)]
    with django_assert_max_num_queries(6):
        hear(entries)
    assert Promise.objects.count() == 5


def test_a_red_flag_calls_the_manager_within_two_hours_consent_or_not(family, zhou, chen, only):
    only("red-flag")
    lin = family(allows=())
    log(key="a", household=lin, staff=zhou, outcome="reached", note="宝宝喝了以后一直吐")
    hear(list(Entry.objects.all()))
    promise = Promise.objects.get()
    assert (promise.keeper, promise.due_at) == (chen, datetime(2026, 11, 21, 4, tzinfo=UTC))
    assert promise.why["topic"] == "health"


def test_a_broken_word_is_apologised_for_and_an_apology_is_not(family, zhou, chen, only):
    only("apology")
    lin = family()
    past = datetime(2026, 11, 21, 1, tzinfo=UTC)
    Promise.make("contacts.call_back", household=lin, keeper=zhou, due_at=past)
    Promise.make("care.run_out", household=lin, keeper=zhou, due_at=past)
    break_overdue()
    hear(list(Entry.objects.all()))
    apology = Promise.objects.get(kind="promises.apology")
    assert apology.keeper == chen
    Promise.objects.filter(pk=apology.pk).update(due_at=past)
    break_overdue()
    hear(list(Entry.objects.order_by("-pk")[:1]))
    assert Promise.objects.filter(kind="promises.apology").count() == 1


def test_without_consent_nothing_is_promised_but_what_is_a_service(family, only, zhou):
    only("welcome")
    lin = family(allows=())
    hear([joins(lin)])
    assert not Promise.objects.exists()
    Consent.objects.create(
        household=lin, purpose="care", granted=True, channel="store", text_version="1"
    )
    hear([joins(lin)])
    assert Promise.objects.count() == 1


def test_after_sundown_it_is_due_on_the_next_open_day(family, only, clock):
    playbook = only("welcome")
    edit(playbook, by=None, days_after=0)
    clock("2026-11-21T20:00:00+08:00")
    StoreDay.objects.filter(on="2026-11-22").update(opens_at=None, closes_at=None)
    hear([joins(family())])
    assert Promise.objects.get().due_at == StoreDay.objects.get(on="2026-11-23").sundown_at


def test_what_waited_for_a_worker_is_due_from_now_on(family, only, clock):
    playbook = only("welcome")
    edit(playbook, by=None, days_after=0)
    entry = joins(family())
    clock("2026-11-24T10:00:00+08:00")
    hear([entry])
    assert Promise.objects.get().due_at == StoreDay.objects.get(on="2026-11-24").sundown_at


def test_a_store_without_a_calendar_still_owes_it(family, only):
    only("welcome")
    StoreDay.objects.all().delete()
    hear([joins(family())])
    assert Promise.objects.get().due_at == datetime(2026, 11, 23, 2, tzinfo=UTC)


def test_old_promises_keep_the_words_they_were_made_with(family, only):
    playbook = only("welcome")
    hear([joins(family())])
    scripts = Script.objects.count()
    edit(playbook, by=None, say={"zh-hans": "新的话", "en": "New words"})
    hear([joins(family())])
    first, second = Promise.objects.order_by("pk")
    assert str(second.script.say) == "新的话"
    assert str(first.script.say) != "新的话"
    assert second.script.title == first.script.title
    assert Script.objects.count() == scripts + 1
    edit(playbook, by=None, weight=2.0)
    assert Script.objects.count() == scripts + 1


def test_a_playbook_is_edited_by_rules(only):
    playbook = only("welcome")
    with pytest.raises(ValidationError):
        edit(playbook, by=None, signal="nobody.knows")
    with pytest.raises(ValidationError):
        edit(
            Playbook.objects.get(code="welcome"),
            by=None,
            conditions=[{"fact": "topic", "is": "equal", "value": "health"}],
        )
    made = edit(
        Playbook(code="mine", signal=JOINED, promise_kind="mine.hello", name={"zh-hans": "我的"}),
        by=None,
        conditions=[{"fact": "tier", "is": "at_least", "value": 2}],
        title={"zh-hans": "打个招呼"},
    )
    assert made.condition == "$.tier >= 2"


def test_a_playbook_that_rests_hears_nothing(family, only, chen):
    switch(only("welcome"), is_on=False, by=chen)
    hear([joins(family())])
    assert not Promise.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_poison_playbook_is_set_aside_and_the_others_speak(family, only):
    """A condition that PostgreSQL cannot read (nobody can save one) delays only what it hears."""
    only("welcome")
    Playbook.objects.filter(code="red-flag").update(is_on=True, condition="$.tier >>> 2")
    lin = family()
    good = joins(lin)
    with Shift("react") as shift:
        log(key="a", household=lin, staff=None, outcome="reached", note="发烧")
        while react_once(shift):
            pass
        for _again in range(9):
            Task.objects.update(run_at=datetime(2020, 1, 1, tzinfo=UTC))
            react_once(shift)
    assert Promise.objects.get().key.endswith(f":e{good.pk}")
    assert set(Task.objects.values_list("status", flat=True)) == {"aside"}


def test_the_promise_says_what_was_heard_and_no_more(family, only):
    only("welcome")
    lin = family()
    hear([joins(lin)])
    why = Promise.objects.get().why
    assert why == {"heard": JOINED, "source": "store", "has_child": False}
    assert Promise.objects.get().due_at - Promise.objects.get().made_at > timedelta(hours=20)
