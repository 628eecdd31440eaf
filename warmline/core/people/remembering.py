"""What a guide remembers for the next call: said once, taken back, never deleted."""

from warmline.base.clock import now
from warmline.core.people.models import Household, MemoryNote, Staff


def remember(household: Household, *, kind: str, text: str, by: Staff | None) -> MemoryNote:
    return MemoryNote.objects.create(household=household, kind=kind, text=text.strip(), by=by)


def drop(note: MemoryNote) -> None:
    """It is no longer true. The second time changes nothing."""
    MemoryNote.objects.filter(pk=note.pk, dropped_at__isnull=True).update(dropped_at=now())
