"""What people announce."""

from dataclasses import dataclass

from warmline.core.journal.signals import Signal


@dataclass(frozen=True, kw_only=True)
class FamilyJoined(Signal):
    kind = "people.family_joined"
    playable = True
    household: int
    store: int
    source: str  # store, import, api
    has_child: bool


@dataclass(frozen=True, kw_only=True)
class MemberAdded(Signal):
    """A new adult or phone number of a family: sales that waited for it may find their family."""

    kind = "people.member_added"
    household: int
    store: int
    member: int


@dataclass(frozen=True, kw_only=True)
class ChildChanged(Signal):
    """A child was added, or what we know of its feeding changed: forecasts are made anew."""

    kind = "people.child_changed"
    household: int
    store: int
    child: int


@dataclass(frozen=True, kw_only=True)
class FamiliesMerged(Signal):
    kind = "people.families_merged"
    household: int  # the one that stays
    store: int
    merged: int
    undone: bool = False


@dataclass(frozen=True, kw_only=True)
class GuideChanged(Signal):
    kind = "people.guide_changed"
    household: int
    store: int
    was: int | None
    becomes: int | None


@dataclass(frozen=True, kw_only=True)
class HandoverRefused(Signal):
    """A family did not want the guide who was offered to it."""

    kind = "people.handover_refused"
    household: int
    store: int
    handover: int
    offered: int


@dataclass(frozen=True, kw_only=True)
class StaffLeft(Signal):
    kind = "people.staff_left"
    staff: int
    store: int | None


@dataclass(frozen=True, kw_only=True)
class HoursChanged(Signal):
    """Days of a store that were laid out are different now: each with its date, and the sundown and
    the closing time that it had before."""

    kind = "people.hours_changed"
    store: int
    days: list[list[str | None]]


@dataclass(frozen=True, kw_only=True)
class MemberCorrected(Signal):
    """What we had written of an adult was wrong; `what` names it, and never says it."""

    kind = "people.member_corrected"
    household: int
    store: int
    member: int
    what: str  # name, phone, relation


@dataclass(frozen=True, kw_only=True)
class ImportantDateChanged(Signal):
    kind = "people.important_date_changed"
    household: int
    store: int
    important_date: int
    what: str  # marked, changed, dropped


@dataclass(frozen=True, kw_only=True)
class StandingChanged(Signal):
    """How much a family counts, or whether it is still with us, was set by hand."""

    kind = "people.standing_changed"
    household: int
    store: int
    tier: int
    status: str
    why: str  # of a family that is gone: moved, outgrown, asked


@dataclass(frozen=True, kw_only=True)
class TokenGiven(Signal):
    kind = "people.token_given"
    token: int
    role: str
    store: int | None


@dataclass(frozen=True, kw_only=True)
class TokenTakenBack(Signal):
    kind = "people.token_taken_back"
    token: int
    store: int | None
