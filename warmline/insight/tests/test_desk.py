"""Every figure of the desk opens exactly the cases that it counts."""

from datetime import date, datetime

import pytest

from warmline.core.promises.breaking import break_overdue
from warmline.goods.sales.models import Sale
from warmline.insight import desk
from warmline.insight.measures import Period
from warmline.service.desk import answering, builtin, classifying, raising, reviewing
from warmline.service.desk.models import Authority, Cause, ChannelLine
from warmline.service.desk.reckoning import reckon
from warmline.service.desk.tests.conftest import *  # noqa: F403 the same shop

MONDAY = Period(date(2026, 11, 23), date(2026, 11, 24))


@pytest.fixture
def week(clock, ask, zhou, ding, store):
    """Five families on Monday: one late, one solved at once and disliked, one opened again."""
    builtin.install_more(Cause, Authority)
    clock("2026-11-23T10:00:00+08:00")
    made = [
        ask(phone=f"+861370000000{n}", kind="question" if n else "quality").case for n in range(4)
    ]
    answering.finish(made[1], outcome="explained", words="好", by=zhou)
    reviewing.rate(made[1], 1)
    answering.finish(made[2], outcome="explained", words="好", by=zhou)
    reviewing.reopen(made[2], words="不行", by=None)
    next_at = datetime.fromisoformat("2026-11-24T12:00:00+08:00")
    answering.answer(made[2], words="再查", by=zhou, next_at=next_at)
    answering.answer(made[3], words="在查", by=zhou, next_at=next_at)
    classifying.classify(made[0], cause=Cause.objects.get(code="goods-seal"), by=ding)
    Sale.objects.create(
        source="till", document_no="1", store=store, guide=zhou,
        sold_at="2026-11-23T10:00+08:00", sold_on="2026-11-23", total=0,
    )  # fmt: skip
    clock("2026-11-25T02:00:00+08:00")
    reckon(date(2026, 11, 23))
    return made


def test_three_rates_and_the_clocks(week, store):
    [row] = desk.rates(MONDAY)
    assert (row.of, row.name) == (store.pk, store.name)
    assert (row.came, row.complaints, row.sales) == (4, 1, 1)
    assert row.complaint_rate == 100
    assert (row.contacts, row.omitted) == (4, 1)
    assert row.omission_rate == 25
    assert (row.rated, row.dissatisfied, row.dissatisfaction_rate) == (1, 1, 100)
    assert row.answered_in_time == 3
    assert (row.solved_at_once, row.reopened) == (1, 1)


@pytest.mark.parametrize("level", desk.LEVELS)
def test_each_figure_is_the_cases_behind_it(week, level):
    for row in desk.rates(MONDAY, level):
        for figure in desk.FIGURES[:-2]:
            found = desk.behind(MONDAY, figure, level=level, of=row.of)
            assert len(found) == getattr(row, figure), (level, figure)


def test_what_was_missed_can_be_looked_at(week, store):
    [row] = desk.rates(MONDAY)
    found = desk.missed(MONDAY, level="store", of=store.pk)
    assert len(found) == row.omitted
    assert [(m.case, m.unanswered, m.unrecorded) for m in found] == [(week[0].pk, True, False)]
    assert desk.missed(MONDAY, level="store", of=0) == []


def test_what_came_in_and_is_no_case_is_looked_at_too(week, store):
    ChannelLine.objects.create(
        channel="sms", key="lost", on=MONDAY.first, at="2026-11-23T11:00+08:00", store=store
    )
    reckon(MONDAY.first)
    [row] = desk.rates(MONDAY)
    found = desk.missed(MONDAY)
    assert (len(found), found[0].case, found[0].unrecorded) == (row.omitted, None, True)


def test_a_broken_promise_opens_its_case(clock, ask, zhou):
    clock("2026-11-23T10:00:00+08:00")
    case = ask().case  # a family's: strangers have no line in the register
    clock("2026-11-24T02:00:00+08:00")
    break_overdue()
    assert desk.total(desk.rates(MONDAY)).broken == 1
    assert desk.behind(MONDAY, desk.BROKEN) == [case.pk]
    assert desk.behind(MONDAY, desk.BROKEN, level="guide", of=zhou.pk) == [case.pk]
    assert desk.behind(MONDAY, desk.BROKEN, level="guide", of=0) == []


def test_the_causes_that_make_most_of_it(week):
    seal, unknown = desk.causes(MONDAY)
    assert (seal.cases, seal.together, str(seal.name)) == (1, 0.25, "封口、包装破损")
    assert (unknown.cause, unknown.cases, unknown.together) == (None, 3, 1)
    assert desk.behind(MONDAY, "cause", cause=seal.cause) == [week[0].pk]
    group = Cause.objects.get(code="goods").pk
    assert desk.behind(MONDAY, "cause", cause=group) == [week[0].pk]
    assert len(desk.behind(MONDAY, "no_cause")) == 3


def test_day_by_day(week):
    [day] = desk.days(MONDAY)
    assert (day.came, day.due, day.in_time, day.omitted, day.contacts) == (4, 4, 3, 1, 4)


def test_a_while_in_which_nothing_came_says_nothing(week):
    empty = Period(date(2026, 10, 1), date(2026, 10, 3))
    assert desk.rates(empty) == []
    assert desk.total([]).complaint_rate is None
    assert [d.came for d in desk.days(empty)] == [0, 0]


def test_what_nobody_asked_of_us_stands_in_no_rate(store):
    raising.raise_matter(raising.ABNORMAL, store=store, words="同一张卡一天六次")
    assert desk.total(desk.rates(Period.of_days(3))).came == 0
    assert desk.causes(Period.of_days(3)) == []
