"""Consent: a guardian says yes or no, for one purpose; the latest word holds, and silence is no."""

from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from warmline.core.journal.recording import record
from warmline.core.people.models import Child, Consent, Household, ImportantDate, Member, Staff
from warmline.core.people.signals import ChildChanged

VERSION = "2026-11"  # of the words below; changed words get a new one, and old consents keep theirs


def words() -> str:
    """What the guardian hears or reads before saying yes to VERSION."""
    return _(
        "I am the baby's parent or guardian. I agree that this shop keeps my baby's name,"
        " birthday and feeding in order to care for my family. It uses them for nothing else,"
        " shows them to nobody outside the shop, and deletes them whenever I say so."
    )


class How(TypedDict, total=False):
    """What makes a consent provable: whose word it was, who heard it, to which words, with what."""

    guardian: Member | None
    by: Staff | None
    text_version: str
    evidence: str


@transaction.atomic
def give(
    household: Household,
    purpose: str,
    *,
    channel: str,
    child: Child | None = None,
    **how: Unpack[How],
) -> Consent:
    """The guardian agrees. A frozen baby thaws: what is known of it may be written down again."""
    decision = _decide(household, purpose, channel=channel, child=child, granted=True, **how)
    if child and child.frozen_at:
        child.frozen_at = None
        child.save(update_fields=["frozen_at"])
    return decision


@transaction.atomic
def withdraw(
    household: Household,
    purpose: str,
    *,
    channel: str,
    child: Child | None = None,
    **how: Unpack[How],
) -> Consent:
    """The guardian does not agree any more. A baby's record is emptied, and nothing is foreseen."""
    decision = _decide(household, purpose, channel=channel, child=child, granted=False, **how)
    if child:
        freeze(child, by=how.get("by"))
    return decision


def freeze(child: Child, *, by: Staff | None = None) -> None:
    """Nothing of this baby is kept: not its name, not its birthday, not its days to remember."""
    child.freeze()
    child.save()
    ImportantDate.objects.filter(child=child).delete()
    changed = ChildChanged(
        household=child.household_id, store=child.household.store_id, child=child.pk
    )
    record(changed, by=by)


def allowed(household: Household | int, purpose: str, *, child: Child | int | None = None) -> bool:
    """Whether the family's latest word on this purpose is yes."""
    said = Consent.objects.filter(household=household, purpose=purpose)
    said = said.filter(child=child) if child is not None else said.filter(child__isnull=True)
    return bool(said.order_by("-pk").values_list("granted", flat=True).first())


def standing(household: Household) -> dict[tuple[str, int | None], Consent]:
    """The word that holds for each purpose and baby, for the family's file."""
    said = household.consents.order_by("pk").select_related("guardian", "by")
    return {(consent.purpose, consent.child_id): consent for consent in said}


def _decide(
    household: Household,
    purpose: str,
    *,
    channel: str,
    child: Child | None,
    granted: bool,
    **how: Unpack[How],
) -> Consent:
    assert purpose in Consent.Purpose.values
    assert (purpose == Consent.Purpose.RECORD) == (child is not None), "a record is a baby's"
    return Consent.objects.create(
        household=household,
        purpose=purpose,
        channel=channel,
        child=child,
        granted=granted,
        **{"text_version": VERSION, **how},
    )
