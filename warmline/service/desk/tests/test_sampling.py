"""Of those who want no answer, and of those who are content, some are looked at again by somebody who
had no part in it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from warmline.base.clock import now
from warmline.base.stateful import WrongMove
from warmline.service.desk import answering, feeding_back, reviewing, ruling, sampling
from warmline.service.desk.models import Sample, rules
from warmline.service.desk.receiving import Asker, receive

TODAY = date(2026, 11, 23)


@pytest.fixture
def everything(db):
    """Every mark is drawn, so that chance has no part in a test."""
    ruling.keep_rules(by=None, sample_percent=100, settled_percent=100)


@pytest.fixture
def mei(hire):
    return hire("mei", role="agent", store=None)


def settle(case, *, by, reviewer):
    answering.finish(case, outcome="replaced", words="换了两罐", by=by)
    reviewing.review(case, is_good=True, words="好", by=reviewer)
    feeding_back.nothing_to_feed_back(case, because="个案", by=reviewer)


@pytest.fixture
def question(case, ask):
    """A matter of which no department has to hear."""
    return ask("能不能寄到老家", kind="question", phone="+8613700000031").case


@pytest.fixture
def marked(case, ding, everything):
    answering.no_reply_needed(case, because="只是说谢谢", by=ding)
    assert sampling.draw(TODAY) == 1
    return Sample.objects.get()


def test_a_share_is_drawn_and_never_twice(clock, ask, ding):
    clock("2026-11-23T16:40:00+08:00")
    ruling.keep_rules(by=None, sample_percent=20)
    cases = [ask(f"第 {n} 件", phone=f"+86137000000{n:02}").case for n in range(10)]
    for case in cases:
        answering.no_reply_needed(case, because="打错了", by=ding)
    assert sampling.draw(TODAY) == 2
    assert sampling.draw(TODAY) == 0
    ruling.keep_rules(by=None, sample_percent=50)
    assert sampling.draw(TODAY) == 3  # what is missing of the share, and no more
    ruling.keep_rules(by=None, sample_percent=0)
    assert sampling.draw(TODAY) == 0
    assert Sample.objects.count() == 5


def test_one_mark_is_a_share_too(case, ding):
    assert rules().sample_percent == 20
    answering.no_reply_needed(case, because="打错了", by=ding)
    assert sampling.draw(TODAY) == 1
    assert sampling.draw(TODAY - timedelta(days=1)) == 0


def test_whoever_had_a_part_in_it_does_not_look(marked, case, ding, mei, zhou, hejing, qin):
    answering.answer(case, words="还是回一句", by=hejing, next_at=now() + timedelta(days=1))
    for who in (ding, hejing, zhou):  # marked it, answered, owns it
        assert not sampling.to_look_at(who).exists()
        with pytest.raises(ValidationError):
            sampling.look(marked, is_right=True, by=who)
    assert list(sampling.to_look_at(mei)) == [marked]
    sampling.look(marked, is_right=True, by=mei)
    assert (marked.status, marked.seen_by) == ("right", mei)
    with pytest.raises(WrongMove):
        sampling.look(marked, is_right=False, words="不对", by=qin)


def test_a_wrong_mark_owes_the_answer_after_all(marked, case, mei):
    with pytest.raises(ValidationError):
        sampling.look(marked, is_right=False, by=mei)
    case.refresh_from_db()
    assert case.answer_by is None
    sampling.look(marked, is_right=False, words="他在问能不能退", by=mei)
    case.refresh_from_db()
    assert case.state == "open"
    assert case.answer_by is not None
    kinds = list(case.events.order_by("seq").values_list("kind", flat=True))
    assert kinds[-2:] == ["sampled", "owed"]


def test_what_we_took_for_thanks_is_looked_at_too(question, ding, mei, hejing, everything):
    settle(question, by=ding, reviewer=hejing)
    asker = Asker(name="林先生", phone="+8613700000031")
    receive(channel="web", words="谢谢你们", asker=asker, case=question)
    question.refresh_from_db()
    assert question.closed_at  # thanks reopen nothing
    assert sampling.draw(TODAY) == 2
    thanks = Sample.objects.get(reason="thanks")
    sampling.look(thanks, is_right=False, words="后面还有一问", by=mei)
    question.refresh_from_db()
    assert (question.closed_at, question.state) == (None, "open")


def test_what_was_settled_and_is_not_good_is_open_again(question, ding, mei, hejing, everything):
    settle(question, by=ding, reviewer=hejing)
    assert question.state == "settled"
    assert sampling.draw(TODAY) == 1
    sample = Sample.objects.get(reason="settled")
    sampling.look(sample, is_right=False, words="家庭说还在漏", by=mei)
    question.refresh_from_db()
    assert question.finished_at is None
    assert question.answer_by is not None


def test_a_night_makes_up_for_the_week(clock, marked, case, ask, ding):
    Sample.objects.all().delete()
    clock("2026-11-28T02:00:00+08:00")
    assert sampling.draw_the_week().samples == 1
    assert sampling.draw_the_week().samples == 0
