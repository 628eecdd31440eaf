"""Conversations: what was said or tried, logged once, and never changed afterwards."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest

from warmline.base.clock import now
from warmline.core.contacts import red_flags
from warmline.core.contacts.models import Contact, Medium, Purpose
from warmline.core.contacts.signals import ContactLogged, RedFlagNoticed
from warmline.core.journal.recording import record
from warmline.core.people import consenting
from warmline.core.people.models import Child, Consent, Household, Member, Staff

NO_MORE_CALLS = (Consent.Purpose.CARE, Consent.Purpose.SALES, Consent.Purpose.SURVEY)


class KeyTaken(Exception):
    """This key already logged a conversation with another family."""


def log(
    *,
    key: str,
    household: Household,
    staff: Staff | None,
    outcome: str,
    note: str = "",
    medium: str = Medium.PHONE,
    purpose: str = Purpose.CARE,
    promise_id: int | None = None,
    child: Child | None = None,
    member: Member | None = None,
    is_inbound: bool = False,
    at: datetime | None = None,
) -> Contact:
    """Log one conversation or attempt. The same key again (a second tap, a replay) is the same."""
    contact = Contact(
        key=key,
        household=household,
        staff=staff,
        store_id=staff.store_id if staff and staff.store_id else household.store_id,
        outcome=outcome,
        note=note,
        medium=medium,
        purpose=purpose,
        promise_id=promise_id,
        child=child,
        member=member,
        is_inbound=is_inbound,
        at=min(at or now(), now()),
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                contact.save(force_insert=True)
        except IntegrityError:
            if (first := Contact.objects.filter(key=key).first()) is None:
                raise
            if first.household_id != household.pk:
                raise KeyTaken(key) from None
            return first
        _follow(contact, staff)
    return contact


def _follow(contact: Contact, staff: Staff | None) -> None:
    """What a conversation changes: when we last spoke, what is allowed, who must hear of it."""
    if contact.is_inbound or contact.outcome in Contact.ANSWERED:
        Household.objects.filter(pk=contact.household_id).update(
            last_contact_at=Greatest(Coalesce(F("last_contact_at"), contact.at), contact.at)
        )
    if contact.outcome == Contact.Outcome.REFUSED:
        _do_not_call(contact, staff)
    named = {
        "household": contact.household_id,
        "store": contact.store_id,
        "contact": contact.pk,
    }
    logged = ContactLogged(
        **named,
        medium=contact.medium,
        purpose=contact.purpose,
        outcome=contact.outcome,
        promise=contact.promise_id,
    )
    record(logged, by=staff, at=contact.at)
    if topic := red_flags.look(contact.note):
        record(RedFlagNoticed(**named, topic=topic), by=staff)


def _do_not_call(contact: Contact, staff: Staff | None) -> None:
    """拒打: the family wants no calls of ours any more; answers and deliveries go on."""
    for purpose in NO_MORE_CALLS:
        consenting.withdraw(
            contact.household,
            purpose,
            channel=contact.medium,
            guardian=contact.member,
            by=staff,
            evidence=f"contact:{contact.pk}",
        )
