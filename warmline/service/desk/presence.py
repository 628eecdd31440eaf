"""Presence: who else has this case open now. It is told, not locked: two may look, and the second to
act is shown what the first did."""

from dataclasses import dataclass
from datetime import timedelta

from warmline.base.clock import now
from warmline.core.people.models import Staff
from warmline.service.desk.models import Case, Presence

LASTS = timedelta(seconds=45)  # a page says every fifteen seconds that it is still open


@dataclass(frozen=True)
class Other:
    name: str
    is_writing: bool


def come(case: Case, staff: Staff, *, is_writing: bool = False) -> list[Other]:
    """She has it open (still); who else has. Said once more, it lasts a little longer."""
    here = Presence(case=case, staff=staff, seen_at=now(), is_writing=is_writing)
    Presence.objects.bulk_create(
        [here],
        update_conflicts=True,
        unique_fields=["case", "staff"],
        update_fields=["seen_at", "is_writing"],
    )
    others = Presence.objects.filter(case=case, seen_at__gt=now() - LASTS).exclude(staff=staff)
    return [
        Other(name, writes)
        for name, writes in others.order_by("pk").values_list("staff__name", "is_writing")
    ]


def forget() -> int:
    """Who left without a word is gone after a day at the latest."""
    old = Presence.objects.filter(seen_at__lt=now() - timedelta(days=1))
    return old.delete()[0]
