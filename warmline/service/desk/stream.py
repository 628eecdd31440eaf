"""What happened to a case, line by line, in the staff's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from warmline.core.contacts.models import Medium
from warmline.core.people.models import Staff
from warmline.service.desk.ladder import RUNGS
from warmline.service.desk.models import (
    Case,
    CaseEvent,
    Cause,
    Channel,
    Department,
    Freeze,
    Remedy,
    RemedyKind,
)
from warmline.service.desk.models.case import coded

LINES = 60
WORDS: dict[str, tuple[str, Any]] = {
    "opened": ("plus", pgettext_lazy("what happened to a case", "Came in")),
    "said": ("message-square-text", pgettext_lazy("what happened to a case", "They added")),
    "answered": ("message-circle", pgettext_lazy("what happened to a case", "Answered")),
    "no_reply": ("check", pgettext_lazy("what happened to a case", "No reply needed")),
    "waiting": ("hourglass", pgettext_lazy("what happened to a case", "Waiting for the family")),
    "resumed": ("refresh-cw", pgettext_lazy("what happened to a case", "Goes on")),
    "finished": ("flag", pgettext_lazy("what happened to a case", "Finished")),
    "reviewed": ("eye", pgettext_lazy("what happened to a case", "Reviewed")),
    "fed_back": ("megaphone", pgettext_lazy("what happened to a case", "Fed back to a department")),
    "feedback_answered": (
        "megaphone",
        pgettext_lazy("what happened to a case", "The department answered"),
    ),
    "no_feedback": ("megaphone", pgettext_lazy("what happened to a case", "Nothing to feed back")),
    "reopened": ("rotate-ccw", pgettext_lazy("what happened to a case", "Opened again")),
    "rated": ("star", pgettext_lazy("what happened to a case", "The family rated it")),
    "taken": ("user", pgettext_lazy("what happened to a case", "Taken")),
    "offered": ("handshake", pgettext_lazy("what happened to a case", "Offered to a colleague")),
    "accepted": ("handshake", pgettext_lazy("what happened to a case", "Accepted")),
    "declined": ("x", pgettext_lazy("what happened to a case", "Declined")),
    "routed": ("split", pgettext_lazy("what happened to a case", "Given to somebody else")),
    "merged": ("layers", pgettext_lazy("what happened to a case", "Goes on in another case")),
    "absorbed": ("layers", pgettext_lazy("what happened to a case", "Took in another case")),
    "moved": (
        "calendar-clock",
        pgettext_lazy("what happened to a case", "Deadlines moved with the calendar"),
    ),
    "escalated": ("bell", pgettext_lazy("what happened to a case", "Escalated")),
    "remedy": ("gift", pgettext_lazy("what happened to a case", "Something is to be given")),
    "decided": ("gift", pgettext_lazy("what happened to a case", "Decided")),
    "classified": ("tag", pgettext_lazy("what happened to a case", "Found out")),
    "freeze": (
        "ban",
        pgettext_lazy("what happened to a case", "Proposed: stop the sale of this lot"),
    ),
    "freeze_decided": ("ban", pgettext_lazy("what happened to a case", "Head office decided")),
    "sampled": ("eye", pgettext_lazy("what happened to a case", "Looked at again")),
    "owed": (
        "rotate-ccw",
        pgettext_lazy("what happened to a case", "They are owed an answer after all"),
    ),
    "prevention": (
        "shield-check",
        pgettext_lazy("what happened to a case", "Promised, so that it does not happen again"),
    ),
    "linked": ("link", pgettext_lazy("what happened to a case", "Linked")),
    "noted": ("notebook-pen", pgettext_lazy("what happened to a case", "Noted")),
}
QUIET = (
    "escalated",
    "noted",
    "moved",
    "linked",
    "rated",
    "classified",
    "prevention",
    "sampled",
    "freeze",
    "freeze_decided",
)  # they take nothing from what is being typed
NAMED = ("offered", "routed", "declined", "prevention")  # a colleague is named in it
BECAUSE = {
    "assigned": gettext_lazy("a supervisor assigned it"),
    "untouched": gettext_lazy("nobody had begun with it"),
    "away": gettext_lazy("who had it is not on duty"),
    "left": gettext_lazy("who had it has left"),
}


@dataclass(frozen=True)
class Line:
    """One line of the stream."""

    seq: int
    at: datetime
    icon: str
    what: Any
    who: str  # a colleague; empty: the family, or the system
    words: str
    notes: tuple[Any, ...]
    is_theirs: bool  # the family's own words
    next_at: datetime | None
    is_late: bool


def moved_on(case: Case, *, since: int) -> int:
    """How many things happened since then that whoever is typing has to see first."""
    if case.seq <= since:
        return 0
    return case.events.filter(seq__gt=since).exclude(kind__in=QUIET).count()


def lines_of(case: Case, *, after: int = 0, limit: int = LINES) -> list[Line]:
    """The latest first; `after` an event: what happened meanwhile."""
    found = case.events.filter(seq__gt=after).select_related("by").order_by("-seq")
    events = list(found[:limit])
    names = Names(
        _staff(events), {d.code: str(d) for d in Department.objects.all()}, _causes(events)
    )
    return [_line(event, names) for event in events]


@dataclass(frozen=True)
class Names:
    """What the numbers and codes in events are called."""

    staff: dict[int, str]
    departments: dict[str, str]
    causes: dict[str, str]


def _causes(events: Iterable[CaseEvent]) -> dict[str, str]:
    codes = {e.body["cause"] for e in events if e.body.get("cause")}
    return {c.code: str(c) for c in Cause.objects.filter(code__in=codes)} if codes else {}


def _staff(events: Iterable[CaseEvent]) -> dict[int, str]:
    said = {e.body.get(key) for e in events for key in ("to", "owner", "was")}
    ids = [pk for pk in said if isinstance(pk, int)]
    return dict(Staff.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _line(event: CaseEvent, names: Names) -> Line:
    body = event.body
    icon, what = WORDS.get(event.kind, ("circle-dot", event.kind))
    next_at, due_at = _time(body.get("next_at")), _time(body.get("due_at"))
    is_kept = event.kind in ("answered", "finished")
    return Line(
        seq=event.seq,
        at=event.at,
        icon=icon,
        what=what,
        who=event.by.name if event.by else "",
        words=event.words,
        notes=tuple(str(note) for note in _notes(event, names) if note),
        is_theirs=event.kind in ("opened", "said") or bool(body.get("by_family")),
        next_at=next_at,
        is_late=bool(is_kept and due_at and due_at < event.at),
    )


def _notes(event: CaseEvent, names: Names) -> list[Any]:
    """What else an event says, in a word or two."""
    body = event.body
    notes: list[Any] = []
    if channel := body.get("channel"):
        notes.append(dict(Channel.choices).get(channel, channel))
    if medium := body.get("medium"):
        notes.append(dict(Medium.choices).get(medium, medium))
    if outcome := body.get("outcome"):
        notes.append(dict(Case.Outcome.choices).get(outcome, outcome))
    if department := body.get("department"):
        notes.append(names.departments.get(department, department))
    if to := body.get("to") or body.get("owner"):
        notes.append(names.staff.get(to, "") if event.kind in NAMED else "")
    if event.kind == "routed" and not body.get("owner"):
        notes.append(dict(Case.Queue.choices).get(str(body.get("queue")), ""))
    if because := body.get("because"):
        notes.append(BECAUSE.get(str(because), because))
    if other := body.get("case") or body.get("into"):
        notes.append(coded(int(other)))
    if cause := body.get("cause"):
        notes.append(names.causes.get(cause, cause))
    notes += _verdicts(event) + _findings(event)
    return notes


def _verdicts(event: CaseEvent) -> list[Any]:
    body = event.body
    verdicts: list[Any] = []
    if "is_good" in body:
        verdicts.append(_("it is good") if body["is_good"] else _("it is not good yet"))
    if "is_right" in body:
        verdicts.append(_("it was right") if body["is_right"] else _("it was not right"))
    if body.get("with_family"):
        verdicts.append(_("asked the family"))
    if "is_change" in body:
        verdicts.append(_("changed") if body["is_change"] else _("no change, because"))
    if score := body.get("score"):
        verdicts.append(f"{score} / 5")
    if body.get("is_thanks"):
        verdicts.append(_("only thanks: wants no answer"))
    if rung := body.get("rung"):
        verdicts.append(_LEVELS[RUNGS[rung - 1]])
    return verdicts


def _findings(event: CaseEvent) -> list[Any]:
    """What is given, and what was found out."""
    body = event.body
    if event.kind in ("remedy", "decided"):
        what = dict(RemedyKind.choices).get(str(body.get("what")), "")
        amount = f"¥{body['amount']}" if body.get("amount") else ""
        status = dict(Remedy.Status.choices).get(str(body.get("status")), "")
        return [what, amount, status]
    if event.kind == "classified":
        return [body.get("lot"), body.get("supplier"), body.get("sop")]
    if event.kind in ("freeze", "freeze_decided"):
        status = dict(Freeze.Status.choices).get(str(body.get("status")), "")
        return [body.get("lot"), status]
    return []


_LEVELS = {
    "keeper": gettext_lazy("to its owner"),
    "manager": gettext_lazy("to the store manager"),
    "region": gettext_lazy("to the region"),
    "hq": gettext_lazy("to head office"),
}


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
