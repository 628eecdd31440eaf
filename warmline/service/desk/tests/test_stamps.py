"""Four stamps: recorded, handled, reviewed by somebody else, fed back. 圆满 needs all of them."""

from datetime import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from warmline.base.stateful import WrongMove
from warmline.core.journal.models import Entry
from warmline.service.desk import answering, feeding_back, owning, reviewing
from warmline.service.desk.models import Case, CaseEvent, Feedback


@pytest.fixture
def done(case, zhou):
    answering.finish(case, outcome="replaced", words="换了一罐新的", by=zhou)
    return case


def test_the_whole_way_to_settled(done, ding, purchasing):
    assert done.state == "review"
    reviewing.review(done, is_good=True, words="爸爸说新的很好", by=ding)
    assert done.state == "feedback"
    asked = feeding_back.feed_back(done, purchasing, finding="封口破损第三次", by=ding)
    assert done.due_at == asked.due_at
    cai = purchasing.keepers.get()
    assert list(feeding_back.inbox_of(cai)) == [asked]
    feeding_back.answer_feedback(asked, is_change=True, words="换了封口供应商", by=cai)
    done.refresh_from_db()
    assert (done.state, done.due_at) == ("settled", None)
    assert Entry.objects.filter(kind="desk.settled").count() == 1
    assert not feeding_back.inbox_of(cai).exists()


def test_who_handled_it_does_not_review_it(done, zhou, wu):
    with pytest.raises(ValidationError):
        reviewing.review(done, is_good=True, words="很好", by=zhou)
    assert not reviewing.may_review(done, zhou)
    assert reviewing.may_review(done, wu)


def test_who_answered_and_let_a_colleague_press_the_last_button_does_not_review_it(
    case, zhou, wu, ding
):
    answering.answer(case, words="我来换", by=zhou, next_at=case.finish_by)
    owning.offer(case, to=wu, by=zhou)
    owning.accept(case, by=wu)
    answering.finish(case, outcome="replaced", words="换了", by=wu)
    assert zhou.pk not in (case.owner_id, case.finished_by_id)
    with pytest.raises(ValidationError):
        reviewing.review(case, is_good=True, words="很好", by=zhou)
    reviewing.review(case, is_good=True, words="很好", by=ding)


def test_not_even_the_database_lets_her(done, zhou):
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=done.pk).update(reviewed_by=zhou)


def test_what_is_not_good_was_never_finished(done, ding):
    finish_by = done.finish_by
    reviewing.review(done, is_good=False, words="还没收到货", by=ding)
    assert (done.state, done.finish_by, done.outcome) == ("working", finish_by, "")
    assert done.due_at is not None


def test_a_complaint_is_always_heard_by_a_department(done, ding):
    reviewing.review(done, is_good=True, words="好", by=ding)
    with pytest.raises(ValidationError):
        feeding_back.nothing_to_feed_back(done, because="小事", by=ding)
    assert done.state == "feedback"


def test_of_a_plain_question_somebody_says_why_nothing_changes(clock, ask, zhou, ding):
    clock("2026-11-23T10:00:00+08:00")
    case = ask("几点开门？", kind="question").case
    answering.finish(case, outcome="explained", words="九点", by=zhou)
    reviewing.review(case, is_good=True, words="清楚了", by=ding)
    feeding_back.nothing_to_feed_back(case, because="门口有牌子", by=ding)
    assert case.state == "settled"


def test_a_department_may_hear_of_it_before_the_end(case, zhou, ding, purchasing):
    asked = feeding_back.feed_back(case, purchasing, finding="封口破损", by=ding)
    feeding_back.answer_feedback(asked, is_change=False, words="已在改，无需再改", by=ding)
    case.refresh_from_db()
    assert case.state == "open"
    answering.finish(case, outcome="replaced", words="换了", by=zhou)
    reviewing.review(case, is_good=True, words="好", by=ding)
    assert case.state == "settled"


def test_a_department_answers_once(case, ding, purchasing):
    asked = feeding_back.feed_back(case, purchasing, finding="封口破损", by=ding)
    again = Feedback.objects.get(pk=asked.pk)
    feeding_back.answer_feedback(asked, is_change=True, words="换了", by=ding)
    with pytest.raises(WrongMove):
        feeding_back.answer_feedback(again, is_change=False, words="没换", by=ding)


def test_settled_is_settled_for_the_database_too(done):
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=done.pk).update(state="settled")
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=done.pk).update(due_at=None)


def test_the_family_says_once_how_it_was(case, zhou, done):
    reviewing.rate(done, 2)
    assert reviewing.rated(done) == 2
    with pytest.raises(ValidationError):
        reviewing.rate(done, 5)
    with pytest.raises(ValidationError):
        reviewing.rate(done, 6)
    reviewing.reopen(done, words="没解决", by=None)
    assert reviewing.rated(done) is None
    answering.finish(done, outcome="put_right", words="退了", by=zhou)
    reviewing.rate(done, 5)
    assert CaseEvent.objects.filter(kind="rated").count() == 2


def test_the_day_is_known_until_when_a_department_answers(case, ding, purchasing):
    asked = feeding_back.feed_back(case, purchasing, finding="封口破损", by=ding)
    assert asked.due_at.date() == datetime(2026, 11, 26).date()
