"""Who was asked first owns it, until somebody accepts it by name; it is never nobody's."""

import pytest
from django.core.exceptions import ValidationError

from warmline.base.stateful import WrongMove
from warmline.core.promises.models import Promise
from warmline.service.desk import (
    answering,
    builtin,
    deciding,
    feeding_back,
    joining_up,
    owning,
    reviewing,
)
from warmline.service.desk.folding import fold
from warmline.service.desk.models import Authority, Case, Cause


def test_a_hand_over_counts_when_it_is_accepted_by_name(case, zhou, wu, ding):
    owning.offer(case, to=wu, by=zhou, words="我明天休息")
    assert case.owner == zhou
    with pytest.raises(WrongMove):
        owning.accept(case, by=ding)
    owning.accept(case, by=wu)
    assert (case.owner, case.offered_to, case.first_owner) == (wu, None, zhou)
    assert set(Promise.objects.values_list("keeper", flat=True)) == {wu.pk}


def test_who_declines_leaves_it_where_it_was(case, zhou, wu):
    owning.offer(case, to=wu, by=zhou)
    owning.decline(case, by=wu, words="我今天晚班")
    assert (case.owner, case.offered_to) == (zhou, None)


def test_only_its_owner_or_a_supervisor_hands_it_over(case, wu, hejing, ding):
    with pytest.raises(ValidationError):
        owning.offer(case, to=ding, by=wu)
    owning.offer(case, to=wu, by=hejing)


def test_nobody_is_offered_a_case_who_is_not_at_work(case, zhou, wu):
    wu.leave()
    with pytest.raises(ValidationError):
        owning.offer(case, to=wu, by=zhou)


def test_of_two_who_take_it_from_the_queue_the_first_gets_it(case, wu, ding):
    owning.route(case, owner=None, because="away")
    same = Case.objects.get(pk=case.pk)
    owning.take(case, by=wu)
    with pytest.raises(WrongMove):
        owning.take(same, by=ding)
    case.refresh_from_db()
    assert case.owner == wu


def test_a_case_of_somebody_who_is_there_is_not_taken_away(case, wu, zhou):
    with pytest.raises(WrongMove):
        owning.take(case, by=wu)
    zhou.leave()
    owning.take(case, by=wu)
    assert case.owner == wu


def test_two_cases_of_one_family_are_one_matter(clock, case, ask, zhou):
    clock("2026-11-23T17:10:00+08:00")
    second = ask("罐口的事，再说一遍").case
    joining_up.merge(case, second, by=zhou)
    case.refresh_from_db()
    second.refresh_from_db()
    assert (second.state, second.merged_into) == ("merged", case)
    assert case.answer_by
    assert list(joining_up.linked(case)) == [second]
    assert ask("还在吗", case=second).case == case
    assert set(Promise.objects.filter(why__case=second.pk).values_list("status", flat=True)) == {
        "waived"
    }
    for one in (case, second):
        one.refresh_from_db()
        assert fold(e.fact() for e in one.events.order_by("seq")) == one.course


def test_what_was_asked_of_others_goes_along_with_the_matter(
    clock, case, ask, zhou, hejing, ding, purchasing
):
    builtin.install_more(Cause, Authority)
    clock("2026-11-23T17:10:00+08:00")
    second = ask("罐口的事，再说一遍").case
    alone = deciding.limit_of(zhou, "replaced")
    given = deciding.give(second, kind="replaced", amount=alone, why="换一罐", by=zhou)
    asked = deciding.give(second, kind="replaced", amount=alone, why="再换一罐", by=zhou)
    assert (given.status, asked.status) == ("approved", "asked")
    finding = feeding_back.feed_back(second, purchasing, finding="封口", by=ding)
    joining_up.merge(case, second, by=zhou)
    case.refresh_from_db()
    assert list(case.feedback_due) == [str(finding.pk)]
    assert deciding.give(case, kind="replaced", amount=1, why="补差", by=zhou).status == "asked"
    asked.refresh_from_db()
    deciding.decide(asked, is_yes=True, by=hejing)
    finding.refresh_from_db()
    feeding_back.answer_feedback(
        finding, is_change=True, words="换了封口机", by=purchasing.keepers.get()
    )
    for one in (case, second):
        one.refresh_from_db()
        assert one.feedback_due == {}
        assert fold(e.fact() for e in one.events.order_by("seq")) == one.course


def test_who_answered_what_goes_on_in_another_case_does_not_review_that(
    clock, case, ask, zhou, wu, ding
):
    clock("2026-11-23T17:10:00+08:00")
    second = ask("罐口的事，再说一遍").case
    answering.answer(second, words="在查", by=ding, next_at=second.finish_by)
    joining_up.merge(case, second, by=zhou)
    answering.finish(case, outcome="replaced", words="换了", by=zhou)
    assert not reviewing.may_review(case, ding)
    assert reviewing.may_review(case, wu)


def test_cases_of_two_families_are_never_put_together(clock, case, ask, zhou):
    other = ask("我也是", phone="+8613700000001").case
    with pytest.raises(ValidationError):
        joining_up.merge(case, other, by=zhou)


def test_a_second_matter_becomes_a_case_of_its_own(case, zhou):
    new = joining_up.split(case, words="另外想退纸尿裤", by=zhou)
    assert (new.household, new.owner, new.state) == (case.household, zhou, "open")
    assert list(joining_up.linked(new)) == [case]


def test_a_guide_sees_hers_and_her_stores_queue_only(
    case, ask, zhou, wu, hejing, ding, hire, far_store
):
    queued = ask("陌生人的", phone="+8613700000001").case
    seen = {who.username: set(Case.objects.seen_by(who)) for who in (zhou, wu, hejing, ding)}
    assert seen == {
        "zhou": {case, queued},
        "wu": {queued},
        "hejing": {case, queued},
        "ding": {case, queued},
    }
    assert not Case.objects.seen_by(hire("far", store=far_store)).exists()
    assert not Case.objects.seen_by(hire("farboss", role="manager", store=far_store)).exists()
    owning.offer(case, to=wu, by=zhou)
    assert case in Case.objects.seen_by(wu)
    wu.leave()
    assert not Case.objects.seen_by(wu).exists()
