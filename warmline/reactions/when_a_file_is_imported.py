"""A file came in, or was taken back: what we foresee for its families is made anew, all at once."""

from warmline.core.journal.listeners import on
from warmline.goods.sales.matching import match_many
from warmline.service.care.foreseeing import foresee_anew
from warmline.service.care.rebuilding import rebuild_many
from warmline.service.intake import imported
from warmline.service.intake.signals import FileImported, FileUndone

MANY = 2_000


@on(FileImported, long=True)
def follow_it_up(signal: FileImported) -> None:
    """Sales teach habits; members may find receipts that waited for them; babies have an age."""
    if signal.what == "sales":
        rebuild_many(imported.families(signal.file))
    elif signal.what in ("members", "babies"):
        members = imported.members(signal.file)
        for n in range(0, len(members), MANY):
            match_many(members[n : n + MANY])
        families = sorted(imported.families(signal.file))
        for n in range(0, len(families), MANY):
            foresee_anew(families[n : n + MANY])


@on(FileUndone, long=True)
def forget_what_it_taught(signal: FileUndone) -> None:
    rebuild_many(signal.households)
