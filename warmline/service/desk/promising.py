"""Promising: what a case owes a family stands in the register of promises, beside all others.

The case's own clocks rule; the register follows them in the same transaction. Who is no family
(a supplier, a colleague) is owed the same, and has no line in the families' register.
"""

from datetime import datetime, time

from django.utils.translation import gettext as _

from warmline.core.contacts.models import Purpose
from warmline.core.promises.models import Promise, PromiseQuerySet
from warmline.service.desk.folding import Course, Fact
from warmline.service.desk.kinds import ANSWER, FINISH, NEXT
from warmline.service.desk.models.case import Case

WORD_GIVEN = {"answered", "waiting", "finished", "resumed"}
CLOCKS_FOLLOW = {"absorbed", "moved"}  # nobody said a word, and the next one is due at another time


def follow(case: Case, *, was: Course, fact: Fact) -> None:
    """Make, keep, waive or move the promises of a case after one event."""
    if case.household_id is None:
        return
    if case.merged_into_id:
        _waive(case, _("Goes on in another case"))
        return
    if fact.kind == "no_reply":
        _waive(case, _("No reply is needed"), kind=ANSWER)
    _answer(case, was)
    _next(case, was, fact)
    _finish(case, was)
    if case.owner_id != was.owner:
        _open(case).update(keeper=case.owner_id, store=case.store_id)


def _answer(case: Case, was: Course) -> None:
    if was.answer_by and not case.answer_by:
        _settle(case, ANSWER)
    elif case.answer_by and not was.answer_by:
        _make(case, ANSWER, case.answer_by, weight=4.0)
    elif case.answer_by and case.answer_by != was.answer_by:
        _open(case).filter(kind=ANSWER, status="made").update(due_at=case.answer_by)


def _next(case: Case, was: Course, fact: Fact) -> None:
    """A word promised for a time is kept by the next word, whatever it says."""
    if fact.kind in CLOCKS_FOLLOW and case.promise_by and case.promise_by != was.promise_by:
        if was.promise_by:
            _open(case).filter(kind=NEXT, status="made").update(due_at=case.promise_by)
        else:
            _make(case, NEXT, case.promise_by, weight=3.0)
    if fact.kind not in WORD_GIVEN:
        return
    if was.promise_by and not was.finished_at:
        _settle(case, NEXT)
    if case.promise_by and not case.finished_at and fact.kind != "finished":
        _make(case, NEXT, case.promise_by, weight=3.0)


def _finish(case: Case, was: Course) -> None:
    runs, ran = _finish_runs(case.course), _finish_runs(was)
    if case.finished_at and not was.finished_at:
        _settle(case, FINISH)
    elif ran and not runs:
        _waive(case, _("Waiting for the family"), kind=FINISH)
    elif runs and not ran:
        assert case.finish_by
        _make(case, FINISH, case.finish_by, weight=2.0)
    elif runs and case.finish_by != was.finish_by:
        _open(case).filter(kind=FINISH, status="made").update(due_at=case.finish_by)


def _finish_runs(course: Course) -> bool:
    return bool(
        course.finish_by
        and not (course.finished_at or course.paused_at or course.closed_at or course.merged_into)
    )


def at_first(case: Case) -> list[Promise]:
    """What a new case owes its family: rows for whoever writes them together with the case."""
    if case.household_id is None:
        return []
    assert case.answer_by
    assert case.finish_by
    return [
        _owed(case, ANSWER, case.answer_by, weight=4.0),
        _owed(case, FINISH, case.finish_by, weight=2.0),
    ]


def _make(case: Case, kind: str, due_at: datetime, *, weight: float) -> None:
    _owed(case, kind, due_at, weight=weight).save(force_insert=True)


def _owed(case: Case, kind: str, due_at: datetime, *, weight: float) -> Promise:
    assert case.household_id is not None
    zone = case.store.zone
    morning = datetime.combine(due_at.astimezone(zone).date(), time(), zone)
    return Promise(
        kind=kind,
        key=f"desk:{case.pk}:{case.seq}:{kind}",
        household_id=case.household_id,
        member_id=case.member_id,
        store_id=case.store_id,
        keeper_id=case.owner_id,
        purpose=Purpose.SERVICE,
        due_at=due_at,
        shows_at=case.last_at if kind != FINISH else max(case.last_at, morning),
        why={"case": case.pk, "code": case.code},
        weight=weight,
        made_at=case.last_at,
    )


def _settle(case: Case, kind: str) -> None:
    for promise in _open(case).filter(kind=kind):
        promise.keep(by=case.owner)


def _waive(case: Case, reason: str, *, kind: str = "") -> None:
    """What was broken stays broken: it is not waived, and is done."""
    owed = _open(case).filter(kind=kind) if kind else _open(case)
    for promise in owed:
        if promise.status == Promise.Status.MADE:
            promise.waive(reason, by=case.owner)
        else:
            promise.keep(by=case.owner)


def _open(case: Case) -> PromiseQuerySet:
    mine = Promise.objects.filter(household=case.household_id, key__startswith=f"desk:{case.pk}:")
    return mine.owed()
