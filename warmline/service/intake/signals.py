"""What the import announces."""

from dataclasses import dataclass
from typing import ClassVar

from warmline.core.journal.signals import Signal


@dataclass(frozen=True, kw_only=True)
class CheckAsked(Signal):
    """Somebody wants to know what a file would do."""

    kind = "intake.check_asked"
    file: int


@dataclass(frozen=True, kw_only=True)
class CommitAsked(Signal):
    """Somebody has seen what a file would do, and wants it done."""

    kind = "intake.commit_asked"
    file: int


@dataclass(frozen=True, kw_only=True)
class UndoAsked(Signal):
    kind = "intake.undo_asked"
    file: int


@dataclass(frozen=True, kw_only=True)
class FileImported(Signal):
    """A file came in whole: one signal for all its rows, or a chain's history would be a flood."""

    kind: ClassVar[str] = "intake.file_imported"
    file: int
    what: str  # members, babies, products, sales, stores, staff
    rows: int


@dataclass(frozen=True, kw_only=True)
class FamiliesBrought(Signal):
    """A file brought something to these families: a heap of them, so that what follows is short and
    whoever speaks with one of them meanwhile does not wait for all."""

    kind: ClassVar[str] = "intake.families_brought"
    file: int
    what: str
    households: list[int]


@dataclass(frozen=True, kw_only=True)
class FileUndone(Signal):
    """What a file brought is gone again; `households` had sales of it."""

    kind: ClassVar[str] = "intake.file_undone"
    file: int
    what: str
    households: list[int]
