"""What comes back: delivery reports, and what families answer. Read twice, it counts once."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from warmline.base.crypto import blind
from warmline.core.contacts.channels import Reply, Report
from warmline.core.contacts.conversations import log
from warmline.core.contacts.models import Contact, Medium, Message, Purpose
from warmline.core.contacts.signals import MessageFailed, OptedOut
from warmline.core.journal.recording import record
from warmline.core.people import consenting
from warmline.core.people.models import Consent, Household, Member

OF_PROMOTION = (Consent.Purpose.SALES, Consent.Purpose.SURVEY)
UNDER_WAY = (
    Message.Status.SENDING,
    Message.Status.UNCERTAIN,
    Message.Status.ACCEPTED,
)


def take_reports(reports: Iterable[Report]) -> int:
    """Note what became of messages; how many changed. Posted again, a report changes none."""
    return sum(_take(report) for report in reports)


@transaction.atomic
def _take(report: Report) -> int:
    ours = Q(receipt=report.receipt) if report.receipt else Q(pk__in=[])
    ours |= Q(key=report.key) if report.key else Q(pk__in=[])
    message = (
        Message.objects.select_for_update(of=("self",))
        .filter(ours, status__in=UNDER_WAY)
        .order_by("-pk")
        .first()
    )
    if message is None:
        return 0
    message.receipt = message.receipt or report.receipt
    message.accepted_at = message.accepted_at or report.at
    message.owner_id = None
    if report.delivered:
        message.status, message.delivered_at = Message.Status.DELIVERED, report.at
    else:
        message.status = Message.Status.FAILED
        message.error = f"{report.code} {report.text}".strip()[:500]
        record(
            MessageFailed(
                household=message.household_id,
                store=message.store_id,
                message=message.pk,
                reason=message.error,
            )
        )
    message.save()
    return 1


def take_replies(replies: Iterable[Reply]) -> int:
    """What families wrote back: a word of refusal withdraws consent, anything else is a contact."""
    return sum(_answer(reply) for reply in replies)


@transaction.atomic
def _answer(reply: Reply) -> int:
    """A number may be shared by two families: both have said so."""
    wrote = Q(wecom_id=reply.wecom_id) if reply.wecom_id else Q(phone_bi=blind(reply.phone))
    members = Member.objects.filter(wrote).select_related("household__store")
    taken = 0
    for member in members.order_by("pk"):
        key = f"reply:{reply.event_id}:{member.household_id}"[:80]
        if Contact.objects.filter(key=key).exists():
            continue
        log(
            key=key,
            household=member.household,
            staff=None,
            outcome=Contact.Outcome.REACHED,
            note=reply.text,
            medium=_medium(reply),
            purpose=Purpose.SERVICE,
            member=member,
            is_inbound=True,
            at=reply.at,
        )
        if reply.opts_out:
            _opt_out(member, reply, evidence=key)
        taken += 1
    return taken


def _medium(reply: Reply) -> Medium:
    return Medium.WECOM if reply.wecom_id else Medium.SMS


def _opt_out(member: Member, reply: Reply, *, evidence: str) -> None:
    """Promotion ends; so does care by message, if that is what they answered."""
    household = member.household
    purposes = [*OF_PROMOTION]
    channel = _medium(reply).value
    if _answered_care(household, channel):
        purposes.append(Consent.Purpose.CARE)
    for purpose in purposes:
        consenting.withdraw(household, purpose, channel=channel, guardian=member, evidence=evidence)
    word = reply.text.strip()[:20]
    record(OptedOut(household=household.pk, store=household.store_id, word=word), at=reply.at)


def _answered_care(household: Household, channel: str) -> bool:
    sent = Message.objects.filter(household=household, channel=channel)
    last = sent.order_by("-created_at").first()
    return last is not None and last.purpose == Purpose.CARE
