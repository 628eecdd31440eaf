"""Somebody uploaded a file and wants it tried out, imported or taken back: the long work, done in
one transaction by whoever of the loops is free. If it dies, another begins anew."""

from warmline.core.journal.listeners import on
from warmline.service.intake import asked
from warmline.service.intake.signals import CheckAsked, CommitAsked, UndoAsked


@on(CheckAsked, long=True)
def try_it_out(signal: CheckAsked) -> None:
    asked.check(signal.file)


@on(CommitAsked, long=True)
def bring_it_in(signal: CommitAsked) -> None:
    asked.commit(signal.file)


@on(UndoAsked, long=True)
def take_it_back(signal: UndoAsked) -> None:
    asked.undo(signal.file)
