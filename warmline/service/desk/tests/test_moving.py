"""A calendar that changes moves open cases only, and forgets no pause."""

from datetime import date, datetime

from warmline.core.people.models import DayOff
from warmline.core.promises.models import Promise
from warmline.service.desk import answering, feeding_back, folding, reviewing
from warmline.service.desk.moving import follow_the_hours

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)


def at(text):
    return datetime.fromisoformat(text)


def close(store, *days):
    for on in days:
        DayOff.objects.create(store=store, on=on, name="盘点")
    return [on.isoformat() for on in days]


def test_an_open_case_follows_its_store(clock, ask, store):
    clock("2026-11-23T20:00:00+08:00")
    case = ask().case
    assert case.answer_by.date() == TUESDAY
    assert follow_the_hours(store.pk, close(store, TUESDAY)) == 1
    case.refresh_from_db()
    assert case.answer_by.date() == WEDNESDAY
    assert Promise.objects.get(kind="desk.answer").due_at == case.answer_by
    assert Promise.objects.get(kind="desk.finish").due_at == case.finish_by
    assert folding.fold(e.fact() for e in case.events.order_by("seq")) == case.course
    assert follow_the_hours(store.pk, ["2026-11-24"]) == 0


def test_what_was_promised_by_the_clock_stays_promised(case, zhou, store):
    next_at = at("2026-11-24T12:00:00+08:00")
    answering.answer(case, words="在查", by=zhou, next_at=next_at)
    follow_the_hours(store.pk, close(store, TUESDAY))
    case.refresh_from_db()
    assert case.promise_by == next_at


def test_a_pause_is_not_forgotten(case, zhou, clock, store):
    """glpi#15605: a change of policy in mid-ticket forgot how long it had waited."""
    answering.answer(case, words="请拍照", by=zhou, next_at=at("2026-11-24T12:00:00+08:00"))
    answering.wait(case, words="等照片", by=zhou, next_at=at("2026-11-25T12:00:00+08:00"))
    clock("2026-11-25T16:40:00+08:00")
    answering.resume(case, by=zhou)
    assert case.finish_by.date() == date(2026, 11, 28)
    follow_the_hours(store.pk, close(store, date(2026, 11, 26)))
    case.refresh_from_db()
    assert case.finish_by.date() == date(2026, 11, 29)


def test_what_is_settled_stays_as_it_was(clock, ask, zhou, ding, store):
    clock("2026-11-23T20:00:00+08:00")
    case = ask(kind="question").case
    answering.finish(case, outcome="explained", words="好", by=zhou)
    reviewing.review(case, is_good=True, words="好", by=ding)
    feeding_back.nothing_to_feed_back(case, because="无", by=ding)
    assert case.state == "settled"
    assert follow_the_hours(store.pk, close(store, TUESDAY)) == 0
