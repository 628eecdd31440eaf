"""Answering: the word that is given before sundown, the wait for the family, the end of the matter."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.core.contacts import conversations, sending
from warmline.core.contacts.models import Contact, Medium, Purpose
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.service.desk import writing
from warmline.service.desk.deciding import check_outcome
from warmline.service.desk.models import Case, CaseEvent, rules
from warmline.service.desk.saying import iso, named, said
from warmline.service.desk.signals import CaseAnswered, CaseFinished, CaseSettled
from warmline.service.desk.telling import address_of

WRITTEN = {Medium.SMS: "sms", Medium.WECOM: "wecom", Medium.EMAIL: "email"}


@transaction.atomic
def answer(
    case: Case,
    *,
    words: str,
    by: Staff,
    next_at: datetime | None = None,
    medium: str = Medium.PHONE,
) -> CaseEvent:
    """Give whoever asked a word, and say when the next one comes. Answered is not solved."""
    words = said(words)
    case.lock()
    if not case.finished_at and (next_at is None or next_at <= now()):
        raise ValidationError({"next_at": _("Say when they hear from us next: a time to come.")})
    body = {
        "medium": medium,
        "due_at": iso(case.answer_by),
        "promised_at": iso(case.promise_by),
        "next_at": iso(next_at),
    }
    late = bool(case.answer_by and case.answer_by < now())
    event: CaseEvent = case.happen("answered", by=by, words=words, is_shown=True, body=body)
    tell(case, event, medium=medium)
    record(CaseAnswered(**named(case), event=event.pk, late=late), by=by)
    announce_settled(case, by=by)
    return event


@transaction.atomic
def no_reply_needed(case: Case, *, because: str, by: Staff) -> CaseEvent:
    """They said thank you, or it was a wrong number. A reviewer looks at some of these marks."""
    because = said(because)
    case.lock()
    body = {"due_at": iso(case.answer_by)}
    event: CaseEvent = case.happen("no_reply", by=by, words=because, body=body)
    announce_settled(case, by=by)
    return event


@transaction.atomic
def wait(
    case: Case, *, words: str, next_at: datetime, by: Staff, medium: str = Medium.PHONE
) -> CaseEvent:
    """We wait for whoever asked, for a stated reason and not without end."""
    words = said(words)
    if next_at <= now():
        raise ValidationError({"next_at": _("Say when we ask again: a time to come.")})
    body = {"medium": medium, "next_at": iso(next_at)}
    event: CaseEvent = case.happen("waiting", by=by, words=words, is_shown=True, body=body)
    tell(case, event, medium=medium)
    return event


@transaction.atomic
def resume(case: Case, *, by: Staff | None, words: str = "") -> CaseEvent:
    """They came back to us: the clock of finishing goes on."""
    event: CaseEvent = case.happen("resumed", by=by, words=words)
    return event


@transaction.atomic
def finish(
    case: Case, *, outcome: str, words: str, by: Staff, medium: str = Medium.PHONE
) -> CaseEvent:
    """It is put right, and they were told. Somebody else asks them whether it is good."""
    words = said(words)
    if outcome not in Case.Outcome:
        raise ValidationError({"outcome": _("Say what came of it.")})
    case.lock()
    if not case.finished_at:
        check_outcome(case, outcome)
    body = {
        "outcome": outcome,
        "medium": medium,
        "answer_due_at": iso(case.answer_by),
        "due_at": iso(case.finish_by),
        "review_days": rules().review_days,
    }
    late = bool(case.finish_by and case.finish_by < now())
    event: CaseEvent = case.happen("finished", by=by, words=words, is_shown=True, body=body)
    tell(case, event, medium=medium)
    record(CaseFinished(**named(case), event=event.pk, late=late), by=by)
    return event


def announce_settled(case: Case, *, by: Staff | None) -> None:
    """All four stamps are there: 圆满."""
    if case.state == Case.State.SETTLED:
        record(CaseSettled(**named(case)), by=by)


def tell(case: Case, event: CaseEvent, *, medium: str) -> None:
    """A word to a family is a contact of ours; a written one is sent. The same transaction: a word
    that can reach nobody was not given."""
    key = f"desk:{case.pk}:{event.seq}"
    if medium in WRITTEN:
        channel = WRITTEN[Medium(medium)]
        sending.queue(
            key,
            channel=channel,
            purpose=Purpose.SERVICE,
            household=case.household,
            member=case.member,
            store=case.store,
            address=_stranger(case, channel),
            read_why=True,
            **writing.word(case, event, channel=channel),
        )
    if case.household is None:
        return
    conversations.log(
        key=key,
        household=case.household,
        member=case.member,
        staff=event.by,
        outcome=Contact.Outcome.SENT if medium in WRITTEN else Contact.Outcome.REACHED,
        note=event.words,
        medium=medium,
        purpose=Purpose.SERVICE,
        at=event.at,
    )


def _stranger(case: Case, channel: str) -> str:
    """Who is no family is written to as they came; a family as its file says."""
    if case.household:
        return ""
    first = case.arrivals.filter(opened=True).first()
    if first is None or not (address := address_of(first, channel)):
        raise sending.NoAddress(channel)
    return address
