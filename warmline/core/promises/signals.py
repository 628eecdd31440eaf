"""What promises announce."""

from dataclasses import dataclass

from warmline.core.journal.signals import Signal


@dataclass(frozen=True, kw_only=True)
class PromiseKept(Signal):
    kind = "promises.kept"
    household: int
    store: int
    keeper: int | None
    promise: int
    promise_kind: str
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(Signal):
    kind = "promises.broken"
    playable = True
    household: int
    store: int
    keeper: int | None
    promise: int
    promise_kind: str


@dataclass(frozen=True, kw_only=True)
class PromiseWaived(Signal):
    kind = "promises.waived"
    household: int
    store: int
    keeper: int | None
    promise: int
    promise_kind: str
    reason: str
    late: bool = False  # broken before: it is let off, and stays broken


@dataclass(frozen=True, kw_only=True)
class PromiseTaken(Signal):
    """Somebody else keeps it from now on."""

    kind = "promises.taken"
    household: int
    store: int
    keeper: int | None
    promise: int
    promise_kind: str
