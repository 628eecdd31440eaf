"""What nobody did in time goes up the ladder, while the shop is open, and stops when somebody acts."""

from datetime import datetime

import pytest

from warmline.core.contacts.models import Message
from warmline.core.journal.reacting import react_once
from warmline.core.journal.workers import Shift
from warmline.core.people import calendar
from warmline.core.people.models import Region
from warmline.service.desk import answering, folding
from warmline.service.desk.escalating import escalate
from warmline.service.desk.models import Case


def at(text):
    return datetime.fromisoformat(text)


@pytest.fixture
def laid_out(store):
    calendar.lay_out([store], at("2026-11-22T00:00:00+08:00").date(), 10)


@pytest.fixture
def levels(case, laid_out, clock):
    """Who heard of it at that time."""

    def levels(instant):
        clock(f"2026-11-{instant}:00+08:00")
        while escalate():
            pass
        case.refresh_from_db()
        return case.rung

    return levels


def test_its_owner_is_reminded_and_at_the_deadline_the_manager_hears(levels):
    assert levels("23T17:00") == 0
    assert levels("23T17:33") == 1
    assert levels("23T17:50") == 1
    assert levels("23T18:02") == 1
    assert levels("23T18:03") == 2
    assert levels("23T18:20") == 2
    assert levels("23T18:34") == 3
    assert levels("23T19:05") == 4
    assert levels("23T20:00") == 4


def test_nobody_is_rung_at_midnight(levels):
    """zammad#4432: reminders at midnight and at the weekend."""
    assert levels("23T22:00") == 0
    assert levels("24T03:00") == 0
    assert levels("24T09:01") == 2


def test_what_is_answered_goes_no_further(levels, case, zhou, clock):
    """zammad#3140, #5177: the agent had answered, and it escalated all the same."""
    levels("23T17:40")
    answering.answer(case, words="在查", by=zhou, next_at=at("2026-11-24T12:00:00+08:00"))
    assert levels("23T18:30") == 0
    assert levels("24T11:45") == 1
    assert levels("24T12:00") == 2


def test_without_an_owner_the_manager_hears_at_the_deadline(clock, ask, laid_out, hejing):
    clock("2026-11-23T16:40:00+08:00")
    case = ask(phone="+8613700000001").case
    clock("2026-11-23T17:40:00+08:00")
    assert escalate() == 0
    clock("2026-11-23T18:03:30+08:00")
    assert escalate() == 1
    case.refresh_from_db()
    assert case.rung == 2


def test_a_store_whose_days_are_not_laid_out_still_has_a_ladder(clock, ask, zhou):
    clock("2026-11-23T10:00:00+08:00")
    ask()
    clock("2026-11-24T10:00:00+08:00")
    assert escalate() == 1


def test_each_rung_is_an_event_and_changes_no_clock(levels, case):
    levels("23T18:05")
    events = list(case.events.order_by("seq"))
    assert [e.kind for e in events] == ["opened", "escalated"]
    assert folding.fold(e.fact() for e in events) == case.course
    assert at(events[1].body["due_at"]) == case.due_at


def test_who_hears(levels, case, zhou, hejing, qin, hire, store):
    east = Region.objects.create(code="east", name="华东")
    store.region = east
    store.save()
    boss = hire("boss", role="manager", store=None, region=east, phone="+8613900000003")
    hejing.phone, qin.phone = "+8613900000002", "+8613900000004"
    hejing.save()
    qin.save()
    heard = []
    for instant in ("23T17:40", "23T18:03", "23T18:34", "23T19:05"):
        levels(instant)
        with Shift("test") as shift:
            while react_once(shift):
                pass
        late = Message.objects.filter(key__startswith="case-late:").order_by("pk").last()
        heard.append(late.staff)
        assert case.code in late.text
    assert heard == [zhou, hejing, boss, qin]


def test_many_late_cases_are_one_message_to_each(clock, ask, laid_out, hejing):
    hejing.phone = "+8613900000002"
    hejing.save()
    clock("2026-11-23T16:40:00+08:00")
    for n in range(30):
        ask(phone=f"+86137000000{n:02}")
    clock("2026-11-23T18:10:00+08:00")
    assert escalate() == 30
    with Shift("test") as shift:
        while react_once(shift):
            pass
    told = Message.objects.filter(staff=hejing, key__startswith="case-late:")
    assert told.count() == 1
    assert "30" in told.get().text


def test_every_passed_deadline_is_seen_by_one_look_whatever_its_kind(
    clock, ask, laid_out, zhou, ding
):
    """An answer, a next word, a review and an end: whichever is due next."""
    clock("2026-11-23T10:00:00+08:00")
    cases = [ask(phone=f"+8613700000{n:03}").case for n in range(3)]
    answering.answer(cases[1], words="在查", by=zhou, next_at=at("2026-11-23T15:00:00+08:00"))
    answering.finish(cases[2], outcome="replaced", words="换了", by=zhou)
    clock("2026-11-24T19:00:00+08:00")
    escalate()
    assert set(Case.objects.values_list("rung", flat=True)) == {2}
    ends = {"answer_by": cases[0], "promise_by": cases[1]}
    for clock_name, case in ends.items():
        case.refresh_from_db()
        assert case.due_at == getattr(case, clock_name)
