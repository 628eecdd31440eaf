"""What contacts announce."""

from dataclasses import dataclass

from warmline.core.journal.signals import Signal


@dataclass(frozen=True, kw_only=True)
class ContactLogged(Signal):
    kind = "contacts.logged"
    playable = True
    household: int
    store: int
    contact: int
    medium: str
    purpose: str
    outcome: str
    promise: int | None = None


@dataclass(frozen=True, kw_only=True)
class RedFlagNoticed(Signal):
    """A note spoke of a child's health, product safety or self-harm: a person must look at once."""

    kind = "contacts.red_flag"
    playable = True
    household: int
    store: int
    contact: int
    topic: str  # safety, health, self_harm


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Signal):
    kind = "contacts.message_failed"
    household: int | None
    store: int | None
    message: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class OptedOut(Signal):
    kind = "contacts.opted_out"
    household: int
    store: int
    word: str
