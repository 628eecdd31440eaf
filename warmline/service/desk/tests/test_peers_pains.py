"""What users of other help desks suffered from, told here: each of their complaints is a test of ours.

Those of clocks that pause and of words that reopen stand in `test_answering`, of policy in
`test_moving`, of midnight in `test_escalating`, of who leaves in `test_returning`, of rates for each
guide with their export in head office's `test_desk`.
"""

from datetime import date, datetime, timedelta

import pytest

from warmline.core.contacts import conversations
from warmline.core.contacts.channels import Reply
from warmline.core.contacts.models import Contact, Medium, Purpose
from warmline.core.people import calendar
from warmline.core.people.models import DayOff
from warmline.service.desk import answering, folding, owning, reviewing
from warmline.service.desk.escalating import escalate
from warmline.service.desk.hearing import hear
from warmline.service.desk.models import Arrival, Case
from warmline.service.desk.returning import return_all

SIX_DAYS = [[["09:00", "12:00"], ["14:00", "21:00"]] for _day in range(6)] + [[]]  # Sundays closed


def at(text):
    return datetime.fromisoformat(text)


@pytest.fixture
def six_days(store):
    """A shop that goes to lunch from twelve to two, and is closed on Sundays."""
    store.hours = SIX_DAYS
    store.save()
    calendar.lay_out([store], date(2026, 11, 20), 14)
    return store


def test_nobody_is_reminded_over_lunch(six_days, case, zhou, clock):
    """frappe/helpdesk#2212 "Pause SLA During Lunch Hours", chatwoot#14009 "multiple business hour
    periods on the same day": there was one interval a day."""
    next_at = at("2026-11-24T12:40:00+08:00")
    answering.answer(case, words="在查", by=zhou, next_at=next_at)
    clock("2026-11-24T12:45:00+08:00")
    assert escalate() == 0
    clock("2026-11-24T13:59:00+08:00")
    assert escalate() == 0
    clock("2026-11-24T14:01:00+08:00")
    assert escalate() == 1


def test_a_day_with_other_hours_has_its_lunch_too(case, zhou, clock, store):
    """chatwoot#14009, for a day that is not like the week."""
    calendar.lay_out([store], date(2026, 11, 20), 14)
    hours = [["09:00", "12:00"], ["14:00", "21:00"]]
    DayOff.objects.create(store=store, on=date(2026, 11, 24), name="盘点", hours=hours)
    calendar.lay_out([store], date(2026, 11, 20), 14)
    answering.answer(case, words="在查", by=zhou, next_at=at("2026-11-24T12:40:00+08:00"))
    clock("2026-11-24T13:00:00+08:00")
    assert escalate() == 0
    clock("2026-11-25T12:30:00+08:00")
    assert escalate() == 1


def test_a_closed_day_is_no_day_of_work_and_rings_nobody(six_days, ask, clock):
    """osTicket#1168 "Business hours" (2014 to 2019), zammad#4432 reminders at the weekend."""
    clock("2026-11-28T20:00:00+08:00")  # a Saturday, after sundown
    case = ask().case
    assert case.answer_by.astimezone(six_days.zone).date() == date(2026, 11, 30)  # Monday
    assert case.finish_by.astimezone(six_days.zone).date() == date(2026, 12, 3)
    Case.objects.update(due_at=at("2026-11-28T20:30:00+08:00"))
    clock("2026-11-29T11:00:00+08:00")
    assert escalate() == 0
    clock("2026-11-30T09:30:00+08:00")
    assert escalate() == 1


def test_a_next_word_promised_soon_takes_nothing_from_the_first_answer(case, zhou, ask, clock):
    """zammad#5177: a short target for updates overrode the one for the first response."""
    first = case.answer_by
    clock("2026-11-23T16:50:00+08:00")
    again = ask("还有，勺子也没有").case
    assert again.answer_by == first
    answering.answer(again, words="在查", by=zhou, next_at=at("2026-11-23T17:10:00+08:00"))
    assert (again.answer_by, again.due_at) == (None, at("2026-11-23T17:10:00+08:00"))
    assert again.events.get(kind="answered").body["due_at"] == first.isoformat()


def test_what_was_only_answered_is_not_counted_as_finished(case, zhou):
    """frappe/helpdesk#1554: "resolution" was fulfilled when only a reply had been sent."""
    answering.answer(case, words="收到，在查", by=zhou, next_at=at("2026-11-24T12:00:00+08:00"))
    assert (case.state, case.finished_at) == ("working", None)
    assert case.finish_by > case.promise_by


def test_a_pause_is_reckoned_when_it_ends_and_not_before(case, zhou, clock):
    """frappe/helpdesk#1542, #1675: on hold the resolution time was not recalculated."""
    was = case.finish_by
    answering.answer(case, words="请拍照", by=zhou, next_at=at("2026-11-24T12:00:00+08:00"))
    answering.wait(case, words="等照片", by=zhou, next_at=at("2026-11-26T12:00:00+08:00"))
    assert case.due_at == at("2026-11-26T12:00:00+08:00")  # and never without an end
    clock("2026-11-26T11:00:00+08:00")
    answering.resume(case, by=zhou)
    assert timedelta(days=2) < case.finish_by - was < timedelta(days=4)
    assert folding.fold(e.fact() for e in case.events.order_by("seq")) == case.course


def test_a_family_has_somebody_of_its_own_who_is_asked_first(ask, lin, zhou, wu, clock):
    """chatwoot#1208 (2020): a contact has no owner, every conversation begins with nobody."""
    clock("2026-11-23T10:00:00+08:00")
    assert ask().case.first_owner == zhou == lin.home_guide


def test_what_is_opened_again_goes_to_somebody_who_is_there(case, zhou, wu, clock):
    """chatwoot#9587: a reopened chat went to an agent who was off shift."""
    answering.finish(case, outcome="replaced", words="换了一罐", by=zhou)
    zhou.go_away(at("2026-12-20T09:00:00+08:00"))
    reviewing.reopen(case, words="又漏了", by=None)
    assert return_all() == 1
    case.refresh_from_db()
    assert (case.owner, case.state) == (wu, "open")


def test_what_everybody_forgot_climbs_to_head_office(case, clock, store):
    """chatwoot#6889, zammad#2532, frappe/erpnext#6049: no ladder, no word to a manager."""
    calendar.lay_out([store], date(2026, 11, 20), 14)
    rungs = []
    for minute in ("17:40", "18:05", "18:40", "19:15"):
        clock(f"2026-11-23T{minute}:00+08:00")
        escalate()
        case.refresh_from_db()
        rungs.append(case.rung)
    assert rungs == [1, 2, 3, 4]


def test_a_call_on_her_own_phone_is_written_down_and_is_no_case(lin, zhou):
    """frappe/crm#121: no log of calls from one's own phone; #975: every call made a lead."""
    conversations.log(
        key="call-1",
        household=lin,
        member=lin.members.get(),
        staff=zhou,
        outcome=Contact.Outcome.REACHED,
        note="问了睡眠",
        medium=Medium.PHONE,
        purpose=Purpose.CARE,
        at=at("2026-11-23T10:00:00+08:00"),
    )
    assert Contact.objects.count() == 1
    assert not Case.objects.exists()


def test_nobody_reviews_what_she_handled_or_owns(case, zhou, wu, ding):
    """glpi#474: an agent could rate himself; Django-CRM#614: a supervisor's view is another thing
    than the customer's mark."""
    answering.finish(case, outcome="replaced", words="换了", by=wu)
    assert [reviewing.may_review(case, staff) for staff in (wu, zhou, ding)] == [False, False, True]
    reviewing.review(case, is_good=True, words="问过了", by=ding)
    assert reviewing.rated(case) is None
    reviewing.rate(case, 3)
    case.refresh_from_db()
    assert (reviewing.rated(case), case.reviewed_by) == (3, ding)


def test_each_end_is_asked_about(case, zhou):
    """chatwoot#10628: satisfaction was asked only once for each contact, ever."""
    for score in (2, 5):
        answering.finish(case, outcome="replaced", words="换了", by=zhou)
        reviewing.rate(case, score)
        assert reviewing.rated(case) == score
        if score == 2:
            reviewing.reopen(case, words="还没好", by=None)


def test_two_cases_of_one_family_can_be_one(case, ask, zhou, clock):
    """freescout#2722, RepairDesk#840: no merge at all; and here both histories stay."""
    from warmline.service.desk import joining_up

    clock("2026-11-23T17:05:00+08:00")
    other = ask("另一罐也一样").case
    joining_up.merge(case, other, by=zhou)
    other.refresh_from_db()
    case.refresh_from_db()
    assert other.merged_into == case
    assert case.answer_by is not None
    assert other.events.count() == 2


def test_replies_in_the_wrong_order_are_all_heard(case, clock, store):
    """A provider posts what came first last: nothing is lost, and no event lies before the last."""
    clock("2026-11-24T15:00:00+08:00")
    early, late = at("2026-11-24T09:00:00+08:00"), at("2026-11-24T14:00:00+08:00")
    hear([Reply(text="第二条", at=late, event_id="e2", phone="+8613912345678")])
    hear([Reply(text="第一条", at=early, event_id="e1", phone="+8613912345678")])
    hear([Reply(text="第二条", at=late, event_id="e2", phone="+8613912345678")])
    assert Arrival.objects.filter(channel="sms").count() == 2
    times = [e.at for e in case.events.order_by("seq")]
    assert times == sorted(times)
    case.refresh_from_db()
    assert case.answer_by is not None


def test_a_colleague_who_is_disabled_leaves_nothing_that_nobody_has(ask, zhou, wu, clock, hejing):
    """Twenty cases of somebody who is disabled over night: all are somebody's in the morning."""
    clock("2026-11-23T10:00:00+08:00")
    cases = [ask(phone=f"+86137000000{n:02}", owner=zhou).case for n in range(20)]
    assert {c.owner for c in cases} == {zhou}
    zhou.leave()
    while return_all():
        pass
    for case in Case.objects.all():
        assert case.owner_id != zhou.pk
        assert case.owner_id or case.queue
        assert case.due_at
    owning.take(Case.objects.order_by("pk").first(), by=wu)


@pytest.mark.slow
def test_a_thousand_contacts_of_one_number_in_a_minute(clock, ask, zhou):
    """Each is numbered and kept; they are one matter, and its clock is that of the first."""
    clock("2026-11-23T16:40:00+08:00")
    first = ask("喂？").case
    for n in range(999):
        clock(f"2026-11-23T16:40:{1 + n * 58 // 999:02}+08:00")
        ask(f"喂？{n}")
    first.refresh_from_db()
    assert Case.objects.count() == 1
    assert first.seq == 1000
    assert list(Arrival.objects.order_by("number").values_list("number", flat=True)) == list(
        range(1, 1001)
    )
    assert first.answer_by == at("2026-11-23T10:03:00+00:00")
