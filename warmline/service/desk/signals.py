"""What the desk announces."""

from dataclasses import dataclass
from typing import Any

from warmline.core.journal.signals import Signal


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Signal):
    """Somebody asked something of us. Not playable: who asks may be no family at all."""

    kind = "desk.opened"
    household: int | None
    store: int
    case: int
    owner: int | None
    case_kind: str
    channel: str
    topic: str = ""  # a red flag: safety, health, self_harm


@dataclass(frozen=True, kw_only=True)
class CaseSaid(Signal):
    """Whoever asked added something."""

    kind = "desk.said"
    household: int | None
    store: int
    case: int
    owner: int | None
    arrival: int | None
    topic: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseAnswered(Signal):
    kind = "desk.answered"
    household: int | None
    store: int
    case: int
    event: int
    late: bool


@dataclass(frozen=True, kw_only=True)
class CaseFinished(Signal):
    kind = "desk.finished"
    household: int | None
    store: int
    case: int
    event: int
    late: bool


@dataclass(frozen=True, kw_only=True)
class CaseSettled(Signal):
    """圆满: recorded, handled, reviewed by somebody else, fed back."""

    kind = "desk.settled"
    household: int | None
    store: int
    case: int


@dataclass(frozen=True, kw_only=True)
class CaseReopened(Signal):
    kind = "desk.reopened"
    household: int | None
    store: int
    case: int


@dataclass(frozen=True, kw_only=True)
class CaseOffered(Signal):
    """A colleague is asked to take it over; until she accepts it is not hers."""

    kind = "desk.offered"
    household: int | None
    store: int
    case: int
    to: int


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(Signal):
    """Its time has passed and nobody did what was due: the next one up is told."""

    kind = "desk.escalated"
    household: int | None
    store: int
    case: int
    level: str  # keeper, manager, region, hq
    event: int


@dataclass(frozen=True, kw_only=True)
class FeedbackAsked(Signal):
    kind = "desk.feedback_asked"
    household: int | None
    store: int
    case: int
    feedback: int


@dataclass(frozen=True, kw_only=True)
class FeedbackAnswered(Signal):
    kind = "desk.feedback_answered"
    household: int | None
    store: int
    case: int
    feedback: int
    is_change: bool


@dataclass(frozen=True, kw_only=True)
class RemedyAsked(Signal):
    """Somebody would like to give more than she may decide alone."""

    kind = "desk.remedy_asked"
    household: int | None
    store: int
    case: int
    remedy: int


@dataclass(frozen=True, kw_only=True)
class RemedyDecided(Signal):
    kind = "desk.remedy_decided"
    household: int | None
    store: int
    case: int
    remedy: int
    is_yes: bool


@dataclass(frozen=True, kw_only=True)
class CaseClassified(Signal):
    """Somebody found out why, with which goods, of which lot."""

    kind = "desk.classified"
    household: int | None
    store: int
    case: int
    event: int
    product: int | None
    lot: str


@dataclass(frozen=True, kw_only=True)
class PreventionPromised(Signal):
    """Somebody is to change something so that a cause goes away."""

    kind = "desk.prevention_promised"
    prevention: int
    owner: int


@dataclass(frozen=True, kw_only=True)
class PreventionLate(Signal):
    """Its day has passed, and it is not done."""

    kind = "desk.prevention_late"
    prevention: int
    owner: int


@dataclass(frozen=True, kw_only=True)
class PreventionChecked(Signal):
    """Its effect was counted: cases as long before, and since."""

    kind = "desk.prevention_checked"
    prevention: int
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class DeskRuled(Signal):
    """Head office changed how its desk works: each field, what it was and what it is."""

    kind = "desk.ruled"
    what: str  # rules, kind, department, cause, levels
    code: str
    changes: dict[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class FreezeProposed(Signal):
    """A case names a lot that may not be safe: is it sold on?"""

    kind = "desk.freeze_proposed"
    household: int | None
    store: int
    case: int
    freeze: int


@dataclass(frozen=True, kw_only=True)
class FreezeDecided(Signal):
    kind = "desk.freeze_decided"
    household: int | None
    store: int
    case: int
    freeze: int
    is_yes: bool
