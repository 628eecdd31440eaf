"""A file came in, or was taken back: what we foresee for its families is made anew, a heap at a time.

A heap is one transaction, short enough that whoever logs a call with one of these families waits for
a moment and not for the file."""

from warmline.core.journal.listeners import on
from warmline.core.journal.recording import record
from warmline.goods.sales.matching import match_many
from warmline.service.care.foreseeing import foresee_anew
from warmline.service.care.rebuilding import rebuild_many
from warmline.service.intake import imported
from warmline.service.intake.signals import FamiliesBrought, FileImported, FileUndone

HEAP = 250
OF_FAMILIES = ("sales", "members", "babies")


@on(FileImported, long=True)
def follow_it_up(signal: FileImported) -> None:
    """Its families, heap by heap."""
    if signal.what not in OF_FAMILIES:
        return
    families = sorted(imported.families(signal.file))
    for n in range(0, len(families), HEAP):
        heap = families[n : n + HEAP]
        record(FamiliesBrought(file=signal.file, what=signal.what, households=heap))


@on(FamiliesBrought, long=True)
def follow_them_up(signal: FamiliesBrought) -> None:
    """Sales teach habits; members may find receipts that waited for them; babies have an age."""
    if signal.what == "sales":
        imported.note_last_sales(signal.households)
        rebuild_many(signal.households)
    else:
        match_many(imported.members(signal.file, signal.households))
        foresee_anew(signal.households)


@on(FileUndone, long=True)
def forget_what_it_taught(signal: FileUndone) -> None:
    imported.note_last_sales(signal.households)
    rebuild_many(signal.households)
