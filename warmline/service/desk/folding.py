"""Folding: how a case stands follows from its events alone, one after the other.

`step` says what one event changes and refuses what cannot be; it knows no database. Deadlines come
from `days` (the store's calendar) when an event happens, and are written into the event: `fold` reads
them back, so that a calendar changed later moves nothing by itself. `replay` asks a calendar anew.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

CLOCKS = ("answer_by", "promise_by", "finish_by")


class Days(Protocol):
    """The calendar of the store that owns a case."""

    def answer_by(self, at: datetime) -> datetime: ...
    def finish_by(self, answer_by: datetime, days: int) -> datetime: ...
    def later(self, at: datetime) -> datetime: ...
    def after(self, at: datetime, days: int) -> datetime: ...


@dataclass(frozen=True)
class Fact:
    """One event as folding sees it."""

    kind: str
    at: datetime
    by: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Course:
    """How a case stands: four stamps, three clocks, one owner."""

    finish_days: int = 3
    owner: int | None = None  # without one the queue owns it
    queue: str = "store"
    offered_to: int | None = None
    answer_by: datetime | None = None  # set: somebody waits for an answer
    promise_by: datetime | None = None  # when the next word was promised, or the next stamp is due
    finish_by: datetime | None = None
    paused_at: datetime | None = None  # set: we wait for whoever asked
    answered_at: datetime | None = None  # the first answer
    finished_at: datetime | None = None
    finished_by: int | None = None
    outcome: str = ""
    reviewed_at: datetime | None = None
    reviewed_by: int | None = None
    fed_back_at: datetime | None = None
    feedback_due: Mapping[str, str] = field(default_factory=dict)  # open feedback: until when
    closed_at: datetime | None = None
    merged_into: int | None = None

    @property
    def state(self) -> str:
        """The staff's label."""
        if self.merged_into:
            return "merged"
        if self.answer_by:
            return "open"
        if not self.finished_at:
            return "waiting" if self.paused_at else "working"
        if not self.reviewed_at:
            return "review"
        return "settled" if self.closed_at else "feedback"

    @property
    def due_at(self) -> datetime | None:
        """The next deadline; only what is closed has none."""
        runs = [self.answer_by, self.promise_by]
        if not self.finished_at and not self.paused_at:
            runs.append(self.finish_by)
        return None if self.closed_at else min((at for at in runs if at), default=self.finish_by)


class CannotBe(Exception):
    """This event does not fit how the case stands; the word says why."""


Step = Callable[[Course, Fact, Days], Course]
STEPS: dict[str, Step] = {}


def _on(kind: str) -> Callable[[Step], Step]:
    def register(step: Step) -> Step:
        STEPS[kind] = step
        return step

    return register


def step(course: Course, fact: Fact, days: Days) -> Course:
    """How the case stands after this event; kinds that are not listed change nothing."""
    if course.merged_into:
        raise CannotBe("merged")
    change = STEPS.get(fact.kind)
    return _close(change(course, fact, days), fact) if change else course


def fold(facts: Iterable[Fact]) -> Course:
    """How a case stands by its events, each with the deadlines that were reckoned then."""
    course = Course()
    for fact in facts:
        course = replace(step(course, fact, AS_WRITTEN), **clocks_of(fact))
    return course


def replay(facts: Iterable[Fact], days: Days) -> Course:
    """How it would stand if the store's calendar had been this one from the beginning."""
    course = Course()
    for fact in facts:
        course = step(course, fact, days) if fact.kind != "moved" else course
    return course


def clocks_of(fact: Fact) -> dict[str, Any]:
    """The clocks that are written in an event."""
    said = fact.body["clocks"]
    return {name: _time(said.get(name)) for name in CLOCKS}


def as_body(course: Course) -> dict[str, str]:
    """The clocks as an event keeps them."""
    said = {name: getattr(course, name) for name in CLOCKS}
    return {name: at.isoformat() for name, at in said.items() if at}


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class _AsWritten:
    """For reading: the clocks of each event are put in their place afterwards."""

    def answer_by(self, at: datetime) -> datetime:
        return at

    def finish_by(self, answer_by: datetime, days: int) -> datetime:
        return answer_by

    def later(self, at: datetime) -> datetime:
        return at

    def after(self, at: datetime, days: int) -> datetime:
        return at


AS_WRITTEN = _AsWritten()


def _close(course: Course, fact: Fact) -> Course:
    """圆满 needs all four stamps, and nobody who waits for an answer."""
    stamps = course.finished_at and course.reviewed_at and course.fed_back_at
    if not stamps or course.answer_by or course.feedback_due:
        return replace(course, closed_at=fact.at if course.merged_into else None)
    return replace(course, closed_at=course.closed_at or fact.at, promise_by=None)


def _unless(no: object, why: str) -> None:
    if no:
        raise CannotBe(why)


def _resumed(course: Course, at: datetime, days: Days) -> Course:
    """The clock of finishing goes on; what it stood still is added, up to a time of work."""
    if not course.paused_at:
        return course
    finish_by = course.finish_by
    if finish_by and not course.finished_at and at > course.paused_at:
        finish_by = days.later(finish_by + (at - course.paused_at))
    return replace(course, paused_at=None, finish_by=finish_by)


@_on("opened")
def _opened(course: Course, fact: Fact, days: Days) -> Course:
    body = fact.body
    answer_by = days.answer_by(fact.at)
    return replace(
        course,
        finish_days=body["finish_days"],
        owner=body.get("owner"),
        queue=body.get("queue", "store"),
        answer_by=answer_by,
        finish_by=days.finish_by(answer_by, body["finish_days"]),
    )


@_on("said")
def _said(course: Course, fact: Fact, days: Days) -> Course:
    """More words. "Thank you" wants no answer and reopens nothing; anything else wants one."""
    if fact.body.get("is_thanks"):
        return course
    asked = days.answer_by(fact.at)
    answer_by = min(course.answer_by, asked) if course.answer_by else asked
    return replace(_resumed(course, fact.at, days), answer_by=answer_by, closed_at=None)


@_on("answered")
def _answered(course: Course, fact: Fact, days: Days) -> Course:
    """Answered is not solved: until it is, every answer says when the next word comes."""
    _unless(course.finished_at and not course.answer_by, "finished")
    next_at = _time(fact.body.get("next_at"))
    if not course.finished_at:
        _unless(next_at is None or next_at <= fact.at, "no next time")
        course = replace(_resumed(course, fact.at, days), promise_by=next_at)
    return replace(
        course,
        answer_by=None,
        answered_at=course.answered_at or fact.at,
        owner=course.owner or fact.by,
    )


@_on("no_reply")
def _no_reply(course: Course, fact: Fact, days: Days) -> Course:
    _unless(not course.answer_by, "nobody waits")
    return replace(course, answer_by=None)


@_on("owed")
def _owed(course: Course, fact: Fact, days: Days) -> Course:
    """A mark "no reply needed" was wrong: somebody waits for an answer after all."""
    _unless(course.answer_by, "somebody waits")
    answer_by = days.answer_by(fact.at)
    return replace(_resumed(course, fact.at, days), answer_by=answer_by, closed_at=None)


@_on("waiting")
def _waiting(course: Course, fact: Fact, days: Days) -> Course:
    """Only the clock of finishing stands still, only after an answer, and never without an end."""
    _unless(course.finished_at, "finished")
    _unless(course.answer_by, "not answered")
    next_at = _time(fact.body.get("next_at"))
    _unless(next_at is None or next_at <= fact.at, "no next time")
    return replace(course, paused_at=course.paused_at or fact.at, promise_by=next_at)


@_on("resumed")
def _resume(course: Course, fact: Fact, days: Days) -> Course:
    _unless(not course.paused_at, "not waiting")
    course = _resumed(course, fact.at, days)
    promised = days.answer_by(fact.at)
    return replace(course, promise_by=min(course.promise_by or promised, promised))


@_on("finished")
def _finished(course: Course, fact: Fact, days: Days) -> Course:
    """The matter is put right and whoever asked was told: that is an answer too."""
    _unless(course.finished_at, "finished")
    _unless(not fact.body.get("outcome"), "no outcome")
    return replace(
        _resumed(course, fact.at, days),
        answer_by=None,
        answered_at=course.answered_at or fact.at,
        finished_at=fact.at,
        finished_by=fact.by,
        outcome=fact.body["outcome"],
        owner=course.owner or fact.by,
        promise_by=days.after(fact.at, fact.body.get("review_days", 1)),
    )


@_on("reviewed")
def _reviewed(course: Course, fact: Fact, days: Days) -> Course:
    """Somebody else asks whether it is good. If it is not, it was never finished."""
    _unless(not course.finished_at, "not finished")
    _unless(course.reviewed_at, "reviewed")
    _unless(fact.by in (course.finished_by, course.owner), "handled by her")
    next_at = days.after(fact.at, 1)
    if not fact.body["is_good"]:
        return _unfinished(course, promise_by=next_at)
    course = replace(course, reviewed_at=fact.at, reviewed_by=fact.by)
    return replace(course, promise_by=_feedback_by(course) or next_at)


@_on("fed_back")
def _fed_back(course: Course, fact: Fact, days: Days) -> Course:
    _unless(course.closed_at, "closed")
    due = {**course.feedback_due, str(fact.body["feedback"]): str(fact.body["due_at"])}
    course = replace(course, feedback_due=due, fed_back_at=None)
    return replace(course, promise_by=_feedback_by(course)) if course.reviewed_at else course


@_on("feedback_answered")
def _feedback_answered(course: Course, fact: Fact, days: Days) -> Course:
    number = str(fact.body["feedback"])
    _unless(number not in course.feedback_due, "not asked")
    due = {key: at for key, at in course.feedback_due.items() if key != number}
    course = replace(course, feedback_due=due, fed_back_at=None if due else fact.at)
    waits = course.reviewed_at and due
    return replace(course, promise_by=_feedback_by(course)) if waits else course


@_on("no_feedback")
def _no_feedback(course: Course, fact: Fact, days: Days) -> Course:
    """A dated "no change, because"."""
    _unless(course.feedback_due, "a department is asked")
    _unless(course.fed_back_at, "fed back")
    return replace(course, fed_back_at=fact.at)


@_on("reopened")
def _reopened(course: Course, fact: Fact, days: Days) -> Course:
    """It is not solved: a new answer and a new end are owed; what was done stays in its history."""
    _unless(not course.finished_at, "not finished")
    asked = days.answer_by(fact.at)
    answer_by = min(course.answer_by, asked) if course.answer_by else asked
    return replace(
        _unfinished(course, promise_by=None),
        answer_by=answer_by,
        finish_by=days.finish_by(answer_by, course.finish_days),
    )


def _unfinished(course: Course, *, promise_by: datetime | None) -> Course:
    return replace(
        course,
        finished_at=None,
        finished_by=None,
        outcome="",
        reviewed_at=None,
        reviewed_by=None,
        closed_at=None,
        promise_by=promise_by,
    )


def _feedback_by(course: Course) -> datetime | None:
    return min((datetime.fromisoformat(at) for at in course.feedback_due.values()), default=None)


@_on("taken")
def _taken(course: Course, fact: Fact, days: Days) -> Course:
    _unless(course.owner == fact.by, "hers")
    return replace(course, owner=fact.by, offered_to=None)


@_on("offered")
def _offered(course: Course, fact: Fact, days: Days) -> Course:
    _unless(course.closed_at, "closed")
    _unless(fact.body["to"] == course.owner, "hers")
    return replace(course, offered_to=fact.body["to"])


@_on("accepted")
def _accepted(course: Course, fact: Fact, days: Days) -> Course:
    _unless(course.offered_to != fact.by, "not offered")
    return replace(course, owner=fact.by, offered_to=None)


@_on("declined")
def _declined(course: Course, fact: Fact, days: Days) -> Course:
    _unless(course.offered_to is None, "not offered")
    return replace(course, offered_to=None)


@_on("routed")
def _routed(course: Course, fact: Fact, days: Days) -> Course:
    """To somebody at work, or to a queue: the store's, or the agents'."""
    body = fact.body
    return replace(
        course, owner=body.get("owner"), queue=body.get("queue", course.queue), offered_to=None
    )


@_on("merged")
def _merged(course: Course, fact: Fact, days: Days) -> Course:
    return replace(
        course,
        merged_into=fact.body["into"],
        answer_by=None,
        promise_by=None,
        paused_at=None,
        feedback_due={},
    )


@_on("absorbed")
def _absorbed(course: Course, fact: Fact, days: Days) -> Course:
    """What the other case owed is owed by this one, by the earlier of two times."""
    _unless(course.finished_at, "finished")
    theirs = {name: _time(fact.body.get(name)) for name in CLOCKS}
    both: dict[str, Any] = {
        name: min((at for at in (getattr(course, name), theirs[name]) if at), default=None)
        for name in CLOCKS
    }
    if theirs["answer_by"]:
        course = _resumed(course, fact.at, days)
        both["finish_by"] = min(x for x in (course.finish_by, theirs["finish_by"]) if x)
    if asked := fact.body.get("feedback_due"):
        both |= {"feedback_due": {**course.feedback_due, **asked}, "fed_back_at": None}
    return replace(course, **both)


@_on("moved")
def _moved(course: Course, fact: Fact, days: Days) -> Course:
    """The store's calendar changed: the clocks of an open case follow, as this event writes."""
    _unless(course.closed_at, "closed")
    clocks: dict[str, Any] = {name: _time(fact.body.get(name)) for name in CLOCKS}
    return replace(course, **clocks)
