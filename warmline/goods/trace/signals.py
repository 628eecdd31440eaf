"""What trace announces."""

from dataclasses import dataclass

from warmline.core.journal.signals import Signal


@dataclass(frozen=True, kw_only=True)
class EventsCaptured(Signal):
    """A document came in: whoever asked to be told is told, and odd ways are looked at."""

    kind = "trace.events_captured"
    job: int
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class CodesHandedOut(Signal):
    """Somebody took the print shop's list, with the codes under the lids."""

    kind = "trace.codes_handed_out"
    batch: int


@dataclass(frozen=True, kw_only=True)
class UnitSold(Signal):
    """A tin with its own code went home with a family."""

    kind = "trace.unit_sold"
    household: int
    store: int
    unit: int
    product: int
    lot: int


@dataclass(frozen=True, kw_only=True)
class UnitRegistered(Signal):
    """A family scanned its tin and said whose it is."""

    kind = "trace.unit_registered"
    playable = True
    household: int
    unit: int
    product: int
    is_first: bool


@dataclass(frozen=True, kw_only=True)
class UnitReturned(Signal):
    """A tin came back over the counter; `household` is 0 where nobody knows who had it."""

    kind = "trace.unit_returned"
    household: int
    store: int
    unit: int


@dataclass(frozen=True, kw_only=True)
class RecallDeclared(Signal):
    """Something is called back: families are ranked and told, holders set their stock aside."""

    kind = "trace.recall_declared"
    recall: int
    is_drill: bool


@dataclass(frozen=True, kw_only=True)
class RecallTouchesFamily(Signal):
    """A family bought some of what is called back: playbooks promise it a call."""

    kind = "trace.recall_touches_family"
    playable = True
    household: int
    store: int
    recall: int
    title: str
    advice: str
    level: int
    tins: int
    chance_open: float


@dataclass(frozen=True, kw_only=True)
class RecallClosed(Signal):
    """Head office says that the work is done, and what came of it."""

    kind = "trace.recall_closed"
    recall: int


@dataclass(frozen=True, kw_only=True)
class RecallWithdrawn(Signal):
    """The alarm was false: calls that are still owed are let off, and families hear that all is well."""

    kind = "trace.recall_withdrawn"
    recall: int


@dataclass(frozen=True, kw_only=True)
class LotHeld(Signal):
    """Nothing of this lot is sold while it is checked."""

    kind = "trace.lot_held"
    hold: int
    lot: int


@dataclass(frozen=True, kw_only=True)
class LotReleased(Signal):
    """It was checked: the hold ended."""

    kind = "trace.lot_released"
    hold: int
    lot: int
