"""Hearing back: what became of a message, and what a family or a colleague wrote in return.

Providers post the same thing again until they are sure. A message only ever moves on, and a reply
is a contact whose key is the provider's own number for it: so everything is taken once.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from warmline.base.clock import now
from warmline.base.crypto import blind
from warmline.core.contacts import conversations
from warmline.core.contacts.channels import Reply, Report
from warmline.core.contacts.models import Contact, Medium, Message, Purpose
from warmline.core.contacts.signals import MessageFailed, OptedOut
from warmline.core.journal.recording import record
from warmline.core.people.models import Household, Member

UNDERWAY = (Message.Status.SENDING, Message.Status.ACCEPTED, Message.Status.UNCERTAIN)


@dataclass(frozen=True)
class Heard:
    """How many were taken, and how many were of messages or people we do not know."""

    taken: int = 0
    unknown: int = 0


@transaction.atomic
def take_reports(reports: Iterable[Report]) -> Heard:
    """Messages arrived, or did not. Told twice, the first word holds."""
    taken = unknown = 0
    for report in reports:
        messages = Message.objects.select_for_update()
        named = messages.filter(key=report.key) if report.key else messages.none()
        by_receipt = messages.filter(receipt=report.receipt) if report.receipt else messages.none()
        message = named.first() or by_receipt.first()
        if message is None:
            unknown += 1
        elif message.status in UNDERWAY:
            _settle(message, report)
            taken += 1
    return Heard(taken, unknown)


def _settle(message: Message, report: Report) -> None:
    """A provider that reports on a message has taken it, whatever we knew until now."""
    message.accepted_at = message.accepted_at or now()
    message.receipt = message.receipt or report.receipt[:120]
    if report.delivered:
        message.status, message.delivered_at = Message.Status.DELIVERED, report.at
    else:
        message.status = Message.Status.FAILED
        message.error = f"{report.code} {report.text}".strip()[:500]
        failed = MessageFailed(
            household=message.household_id,
            store=message.store_id,
            message=message.pk,
            reason=report.code[:60],
        )
        record(failed)
    message.owner_id = None
    message.save()


@transaction.atomic
def take_replies(replies: Iterable[Reply], *, provider: str) -> Heard:
    """What families wrote: a contact each; R or 退订 withdraws what they had allowed."""
    taken = unknown = 0
    for reply in replies:
        families = _families(reply.phone)
        for household, member in families.items():
            conversations.log(
                key=f"{provider}:{reply.event_id}:{household.pk}"[-80:],
                household=household,
                member=member,
                staff=None,
                outcome=Contact.Outcome.REFUSED if reply.opts_out else Contact.Outcome.REACHED,
                note=reply.text,
                medium=Medium.SMS,
                purpose=Purpose.SERVICE,
                is_inbound=True,
                at=reply.at,
            )
            if reply.opts_out:
                here = {"household": household.pk, "store": household.store_id}
                record(OptedOut(**here, word=reply.text[:20]))
        taken, unknown = taken + bool(families), unknown + (not families)
    return Heard(taken, unknown)


def _families(phone: str) -> dict[Household, Member]:
    """Everybody who has this number: who shares one with a neighbour is heard for both."""
    members = Member.objects.filter(phone_bi=blind(phone)).select_related("household")
    return {member.household: member for member in members}
