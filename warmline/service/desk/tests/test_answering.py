"""Answered is not solved; a clock stands still only while we wait for the family."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from warmline.base.stateful import WrongMove
from warmline.core.contacts.models import Contact, Message
from warmline.core.people.models import Member
from warmline.core.promises.models import Promise
from warmline.service.desk import answering
from warmline.service.desk.folding import fold
from warmline.service.desk.reviewing import reopen


def at(text):
    return datetime.fromisoformat(text)


TONIGHT, TOMORROW = at("2026-11-23T19:00:00+08:00"), at("2026-11-24T12:00:00+08:00")


def promises(case):
    rows = Promise.objects.filter(why__case=case.pk).order_by("pk")
    return [(p.kind.removeprefix("desk."), p.status) for p in rows]


def as_its_events_say(case):
    case.refresh_from_db()
    return fold(e.fact() for e in case.events.order_by("seq")) == case.course


def test_a_holding_answer_says_when_the_next_word_comes(case, zhou):
    with pytest.raises(ValidationError):
        answering.answer(case, words="我们查一下", by=zhou)
    with pytest.raises(ValidationError):
        answering.answer(case, words="我们查一下", by=zhou, next_at=at("2026-11-23T16:00:00+08:00"))
    with pytest.raises(ValidationError):
        answering.answer(case, words="  ", by=zhou, next_at=TOMORROW)
    answering.answer(case, words="我们查一下批次，明天中午给您电话", by=zhou, next_at=TOMORROW)
    assert (case.state, case.answer_by, case.promise_by) == ("working", None, TOMORROW)
    assert case.due_at == TOMORROW
    assert promises(case) == [("answer", "kept"), ("finish", "made"), ("next", "made")]
    assert as_its_events_say(case)


def test_an_answer_is_not_a_solution(case, zhou):
    """frappe/helpdesk#1554: "resolved" was ticked when only a reply had been sent."""
    answering.answer(case, words="在查", by=zhou, next_at=TONIGHT)
    assert case.finished_at is None
    assert case.finish_by is not None


def test_each_next_word_keeps_the_promise_of_the_one_before(case, zhou, clock):
    answering.answer(case, words="在查", by=zhou, next_at=TOMORROW)
    clock("2026-11-24T11:00:00+08:00")
    answering.answer(case, words="工厂在看", by=zhou, next_at=at("2026-11-25T12:00:00+08:00"))
    assert promises(case)[2:] == [("next", "kept"), ("next", "made")]


def test_a_late_answer_stays_late(case, zhou, clock):
    clock("2026-11-23T20:00:00+08:00")
    event = answering.answer(case, words="对不起晚了", by=zhou, next_at=TOMORROW)
    assert at(event.body["due_at"]) < event.at


def test_only_the_clock_of_finishing_stands_still(case, zhou, clock):
    """frappe/helpdesk#1554, #1675: a paused clock went on, and was forgotten when it was resumed."""
    with pytest.raises(WrongMove):
        answering.wait(case, words="等照片", by=zhou, next_at=TOMORROW)
    answering.answer(case, words="请拍一下罐底", by=zhou, next_at=TOMORROW)
    finish_by = case.finish_by
    answering.wait(case, words="等您发罐底照片", by=zhou, next_at=at("2026-11-25T12:00:00+08:00"))
    assert (case.state, case.due_at) == ("waiting", at("2026-11-25T12:00:00+08:00"))
    assert promises(case)[1] == ("finish", "waived")
    clock("2026-11-25T16:40:00+08:00")
    answering.resume(case, by=zhou)
    assert case.finish_by.date() == (finish_by + timedelta(days=2)).date()
    assert promises(case)[-1] == ("finish", "made")
    assert as_its_events_say(case)


def test_a_wait_has_a_reason_and_an_end(case, zhou):
    answering.answer(case, words="请拍一下罐底", by=zhou, next_at=TOMORROW)
    with pytest.raises(ValidationError):
        answering.wait(case, words="", by=zhou, next_at=TOMORROW)
    with pytest.raises(ValidationError):
        answering.wait(case, words="等照片", by=zhou, next_at=at("2026-11-23T16:00:00+08:00"))


def test_words_of_the_family_end_the_wait_and_want_an_answer(case, zhou, clock, ask):
    """zammad#1322: a note that the customer left on the web page was ignored."""
    answering.answer(case, words="请拍一下罐底", by=zhou, next_at=TOMORROW)
    answering.wait(case, words="等照片", by=zhou, next_at=TOMORROW)
    clock("2026-11-24T11:00:00+08:00")
    ask("照片来了", case=case)
    case.refresh_from_db()
    assert (case.state, case.paused_at) == ("open", None)
    assert case.answer_by.date() == TOMORROW.date()
    assert as_its_events_say(case)


def test_a_thank_you_reopens_nothing_and_starts_no_clock(case, zhou, ask, clock):
    """chatwoot#10178: the clock ran on because the customer said thanks last."""
    answering.answer(case, words="在查", by=zhou, next_at=TOMORROW)
    ask("好的，谢谢", case=case)
    case.refresh_from_db()
    assert case.state == "working"
    clock("2026-11-24T09:00:00+08:00")
    answering.finish(case, outcome="replaced", words="换了一罐新的", by=zhou)
    ask("收到，谢谢你们", case=case)
    case.refresh_from_db()
    assert (case.state, case.answer_by) == ("review", None)


def test_other_words_after_the_end_want_an_answer_and_undo_no_stamp(case, zhou, ask):
    answering.finish(case, outcome="replaced", words="换了一罐新的", by=zhou)
    ask("新的这罐什么时候到期？", case=case)
    case.refresh_from_db()
    assert case.state == "open"
    assert case.finished_at
    answering.answer(case, words="2028年3月", by=zhou)
    assert case.state == "review"


def test_a_mark_that_no_reply_is_needed_gives_a_reason(case, zhou):
    with pytest.raises(ValidationError):
        answering.no_reply_needed(case, because=" ", by=zhou)
    answering.no_reply_needed(case, because="打错电话了", by=zhou)
    assert (case.state, case.due_at) == ("working", case.finish_by)
    assert promises(case)[0] == ("answer", "waived")


def test_solved_at_once_is_answered_too(case, zhou):
    answering.finish(case, outcome="explained", words="罐口的膜是内盖，没有破", by=zhou)
    assert case.answered_at == case.finished_at
    assert promises(case) == [("answer", "kept"), ("finish", "kept")]
    assert as_its_events_say(case)


def test_nothing_ends_without_an_outcome(case, zhou):
    with pytest.raises(ValidationError):
        answering.finish(case, outcome="", words="好了", by=zhou)
    with pytest.raises(ValidationError):
        answering.finish(case, outcome="replaced", words="", by=zhou)


def test_a_second_click_is_told_so(case, zhou):
    answering.finish(case, outcome="replaced", words="换了", by=zhou)
    with pytest.raises(WrongMove):
        answering.finish(case, outcome="refunded", words="退了", by=zhou)


def test_an_answer_in_writing_is_sent_and_stands_in_the_familys_file(case, zhou, lin):
    answering.answer(case, words="我们在查", by=zhou, next_at=TOMORROW, medium="sms")
    message = Message.objects.get(household=lin)
    assert (message.purpose, message.text) == ("service", "我们在查")
    assert Contact.objects.get(household=lin).outcome == "sent"


def test_a_word_that_can_reach_nobody_was_not_given(case, zhou, lin):
    Member.objects.filter(household=lin).update(phone=b"", phone_bi=None, phone_last4="")
    case.member.refresh_from_db()
    with pytest.raises(Exception, match="sms"):
        answering.answer(case, words="我们在查", by=zhou, next_at=TOMORROW, medium="sms")
    case.refresh_from_db()
    assert case.state == "open"
    assert not Contact.objects.exists()


def test_an_event_never_lies_before_the_last_one(case, zhou, clock):
    clock("2026-11-23T12:00:00+08:00")  # somebody set the clock back
    answering.answer(case, words="在查", by=zhou, next_at=TOMORROW)
    times = list(case.events.order_by("seq").values_list("at", flat=True))
    assert times == sorted(times)


def test_reopening_keeps_what_was_done(case, zhou):
    answering.finish(case, outcome="replaced", words="换了", by=zhou)
    reopen(case, words="新的也漏", by=None)
    assert (case.state, case.outcome, case.finished_at) == ("open", "", None)
    assert [e.kind for e in case.events.order_by("seq")] == ["opened", "finished", "reopened"]
    assert promises(case) == [
        ("answer", "kept"), ("finish", "kept"), ("answer", "made"), ("finish", "made"),
    ]  # fmt: skip
    assert as_its_events_say(case)
