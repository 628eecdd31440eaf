"""Every night: was anything that came in lost, left without an owner, unanswered, or never fed back?"""

from datetime import date, datetime

import pytest

from warmline.service.desk import answering, reviewing
from warmline.service.desk.models import Arrival, Numbering, Reckoning
from warmline.service.desk.noting import note
from warmline.service.desk.reckoning import reckon, reckon_the_week

MONDAY = date(2026, 11, 23)


def at(text):
    return datetime.fromisoformat(text)


@pytest.fixture
def night(clock):
    def night(instant="2026-11-25T02:00:00+08:00"):
        clock(instant)
        came, omitted, gaps = reckon(MONDAY)
        return {
            "came": came,
            "omitted": omitted,
            "gaps": gaps,
            **Reckoning.objects.filter(on=MONDAY).values(
                "unrecorded", "unowned", "unanswered", "unfed"
            ).first(),
        }  # fmt: skip

    return night


def test_what_was_answered_in_time_is_not_missed(case, zhou, night):
    answering.answer(case, words="在查", by=zhou, next_at=at("2026-11-24T12:00:00+08:00"))
    assert night() == {
        "came": 1, "omitted": 0, "gaps": 0,
        "unrecorded": 0, "unowned": 0, "unanswered": 0, "unfed": 0,
    }  # fmt: skip


def test_what_was_not_answered_before_its_sundown_is_missed(case, night):
    assert night()["unanswered"] == night()["omitted"] == 1


def test_a_late_answer_does_not_undo_it(case, zhou, clock, night):
    clock("2026-11-24T09:00:00+08:00")
    answering.answer(case, words="在查", by=zhou, next_at=at("2026-11-24T12:00:00+08:00"))
    assert night()["unanswered"] == 1


def test_what_is_not_due_yet_is_not_missed_yet(clock, ask, night):
    clock("2026-11-23T20:00:00+08:00")
    ask()
    assert night("2026-11-24T02:00:00+08:00")["omitted"] == 0
    assert night("2026-11-25T02:00:00+08:00")["omitted"] == 1
    assert Reckoning.objects.count() == 1


def test_each_word_of_a_family_wants_its_own_answer(case, zhou, ask, night, clock):
    clock("2026-11-23T16:50:00+08:00")
    answering.answer(case, words="在查", by=zhou, next_at=at("2026-11-24T12:00:00+08:00"))
    clock("2026-11-23T17:00:00+08:00")
    ask("那现在能喝吗", case=case)
    clock("2026-11-23T17:01:00+08:00")
    ask("谢谢", case=case)
    found = night()
    assert (found["came"], found["unanswered"]) == (3, 1)


def test_what_nobody_took_on_is_missed(clock, ask, night):
    clock("2026-11-23T16:40:00+08:00")
    ask(phone="+8613700000001")
    assert night()["unowned"] == 1


def test_what_a_channel_saw_and_we_have_not_is_missed(case, night, store):
    """We died between the channel's line and the case."""
    note("web", "lost", store=store, at=at("2026-11-23T10:00:00+08:00"))
    note("web", "lost", store=store, at=at("2026-11-23T10:00:00+08:00"))
    found = night()
    assert (found["came"], found["unrecorded"]) == (2, 1)


def test_a_number_that_is_missing_shows(case, night):
    Numbering.objects.update(last=3)
    assert night()["gaps"] == 2


def test_what_was_never_fed_back_is_missed(case, zhou, ding, clock, night):
    answering.finish(case, outcome="replaced", words="换了", by=zhou)
    reviewing.review(case, is_good=True, words="好", by=ding)
    assert night()["unfed"] == 0
    assert night("2026-11-28T02:00:00+08:00")["unfed"] == 1


def test_the_night_looks_at_a_week(clock, ask):
    for day in range(16, 25):
        clock(f"2026-11-{day}T10:00:00+08:00")
        ask()
    clock("2026-11-25T02:00:00+08:00")
    assert reckon_the_week().came == 7
    assert Arrival.objects.count() == 9
