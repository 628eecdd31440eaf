"""The three clocks and the four stamps of a case, ready to be drawn: how much time is gone as a
length, how much is left as words, which of them runs as the one that counts now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.service.desk.models import Case

SHORTEST = timedelta(minutes=1)
WIDTH = 100


@dataclass(frozen=True)
class Clock:
    """One of three. `share` is how much of its time has gone, in per cent."""

    name: str
    words: Any
    icon: str
    at: datetime | None
    standing: str  # runs, paused, kept, off
    share: int = 0
    is_next: bool = False
    note: Any = ""

    @property
    def state(self) -> str:
        """The colour of its bar."""
        if self.standing == "kept":
            return "kept"
        if self.standing != "runs" or self.at is None:
            return "quiet"
        left = self.at - now()
        return (
            "broken" if left <= timedelta() else "soon" if left <= timedelta(hours=1) else "quiet"
        )


@dataclass(frozen=True)
class Stamp:
    """One of four: 圆满 has all of them."""

    words: Any
    icon: str
    at: datetime | None
    who: str


def which(case: Case) -> str:
    """The clock that counts now."""
    if case.due_at is None:
        return ""
    if case.due_at == case.answer_by:
        return "answer"
    return "promise" if case.due_at == case.promise_by else "finish"


def words_of(name: str, state: str) -> Any:
    """What is due when this clock ends."""
    if name == "promise" and state in (Case.State.REVIEW, Case.State.FEEDBACK):
        return _("Review") if state == Case.State.REVIEW else _("Feedback")
    return {"answer": _("Answer"), "promise": _("Next word"), "finish": _("Finish")}.get(name, "")


def clocks_of(case: Case) -> list[Clock]:
    due = which(case)
    answered = case.answer_by is None
    answer = Clock(
        "answer",
        _("Answer"),
        "sunset",
        case.answer_by or case.answered_at,
        "kept" if answered and case.answered_at else "runs" if case.answer_by else "off",
        share=_share(_asked_at(case), case.answer_by),
        is_next=due == "answer",
        note=_("before sundown at the store, never paused"),
    )
    promise = Clock(
        "promise",
        words_of("promise", case.state),
        "message-circle",
        case.promise_by,
        "runs" if case.promise_by and not case.closed_at else "off",
        share=_share(case.last_at, case.promise_by),
        is_next=due == "promise",
        note="" if case.finished_at else _("each answer says when the next one comes"),
    )
    return [answer, promise, _finish(case, is_next=due == "finish")]


def _finish(case: Case, *, is_next: bool) -> Clock:
    standing = "kept" if case.finished_at else "paused" if case.paused_at else "runs"
    at = case.finished_at or case.finish_by
    return Clock(
        "finish",
        _("Finish"),
        "flag",
        at,
        standing if not case.merged_into_id else "off",
        share=_share(case.opened_at, case.finish_by, until=case.paused_at),
        is_next=is_next,
        note=_("stands still while we wait for the family") if case.paused_at else "",
    )


def _asked_at(case: Case) -> datetime:
    """Since when somebody waits: the first time from the beginning, later from their last words."""
    return case.opened_at if case.answered_at is None else case.last_at


def share_of(case: Case) -> int:
    """How much of the live clock's time has gone."""
    begin = _asked_at(case) if which(case) == "answer" else case.opened_at
    return _share(case.last_at if which(case) == "promise" else begin, case.due_at)


def _share(begin: datetime, end: datetime | None, *, until: datetime | None = None) -> int:
    if end is None:
        return 0
    at = until or now()
    if at >= end:  # whatever happened to the case since: all of its time has gone
        return WIDTH
    whole, gone = max(end - begin, SHORTEST), at - begin
    return max(2, min(WIDTH, round(WIDTH * (gone / whole))))


def stamps_of(case: Case) -> list[Stamp]:
    """Recorded, handled, reviewed by somebody else, fed back."""
    return [
        Stamp(_("Recorded"), "notebook-pen", case.opened_at, ""),
        Stamp(_("Handled"), "circle-check", case.finished_at, _name(case.finished_by)),
        Stamp(_("Reviewed"), "eye", case.reviewed_at, _name(case.reviewed_by)),
        Stamp(_("Fed back"), "megaphone", case.fed_back_at, ""),
    ]


def _name(staff: Any) -> str:
    return staff.name if staff else ""
