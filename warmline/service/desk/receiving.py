"""Receiving: whatever comes in, by whatever way, is numbered, belongs to a case, and has an owner and
a deadline before anybody is told that we have it (G7). All of it is one transaction."""

import secrets
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.contacts import conversations, red_flags
from warmline.core.contacts.models import Contact, Medium, Purpose
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff, Store
from warmline.service.desk.knowing import Asker, Known, known, look
from warmline.service.desk.models import Arrival, Case, Channel
from warmline.service.desk.opening import URGENCY, of_contact, write
from warmline.service.desk.saying import named
from warmline.service.desk.signals import CaseSaid
from warmline.service.desk.thanks import is_thanks

__all__ = ["Asker", "Received", "known", "log_inbound", "receive"]

SQL = Path(__file__).parent / "sql"
SAME_MATTER = timedelta(minutes=15)  # more words of one number so soon belong to the same case
CASES_A_DAY = 5  # of one number; what comes after that adds to the last one
WORDS_MAX = 8000
KEY_MAX = 120
MEDIUM = {
    Channel.WALK_IN: Medium.VISIT,
    Channel.PHONE: Medium.PHONE,
    Channel.SMS: Medium.SMS,
    Channel.WECOM: Medium.WECOM,
    Channel.EMAIL: Medium.EMAIL,
}


@dataclass(frozen=True)
class Received:
    arrival: Arrival
    case: Case
    is_new: bool  # it opened its case
    is_replay: bool = False  # it had come before


@transaction.atomic(savepoint=False)
def receive(
    *,
    channel: str,
    words: str,
    asker: Asker,
    store: Store | None = None,
    key: str = "",
    kind: str = "",
    subject: str = "",
    case: Case | None = None,
    by: Staff | None = None,
    owner: Staff | None = None,
    at: datetime | None = None,
    is_alone: bool = False,
) -> Received:
    """Take in one contact. The same key on the same channel is the same contact, read twice.

    `case`: it says itself to which case it belongs (a link, a reply). `by`: who wrote it down;
    `owner`: who was asked first, if somebody was. `is_alone`: whoever calls has waited for its turn.
    """
    key = (key or secrets.token_urlsafe(16))[:KEY_MAX]
    at = min(at or now(), now())
    if not is_alone:
        sql.first(SQL / "alone.sql", turn(asker, channel=channel, key=key))
    told = look(asker, channel=channel, key=key, store=store, kind=kind, at=at, is_said=bool(case))
    if told.arrival:
        return _again(told.arrival)
    words = words.replace("\0", "").strip()[:WORDS_MAX]
    topic = red_flags.look(f"{subject} {words}")
    target = _follow_merged(case) if case else None if by else _same_matter(told)
    arrival = _arrival(
        told, channel=channel, key=key, subject=subject, words=words, by=by, at=at, case=target
    )
    if target:
        _add(target, _number(arrival), words, topic=topic, by=by, is_found=case is None)
        return Received(arrival, target, is_new=False)
    new = of_contact(
        told,
        channel=channel,
        words=words,
        subject=subject,
        owner=owner,
        by=by,
        at=at,
        urgency=URGENCY[topic] if topic else Case.Urgency.NORMAL,
    )
    write(new, arrival=arrival)
    return Received(arrival, new.case, is_new=True)


def _again(arrival: int) -> Received:
    first = Arrival.objects.select_related("case").get(pk=arrival)
    return Received(first, first.case, is_new=first.opened, is_replay=True)


def _arrival(told: Known, *, case: Case | None, by: Staff | None, **said: Any) -> Arrival:
    """What came in, with the words and the address they came with."""
    asker, number = told.asker, case.pk if case else told.case
    assert number is not None
    return Arrival(
        **said,
        case_id=number,
        store_id=case.store_id if case else told.store.pk,
        household_id=case.household_id if case else told.household,
        member_id=told.member,
        from_whom=asker.from_whom,
        name=asker.name,
        phone=asker.phone,
        email=asker.email,
        wecom_id=asker.wecom_id,
        opened=case is None,
        logged_by=by,
    )


def _add(
    case: Case, arrival: Arrival, words: str, *, topic: Any, by: Staff | None, is_found: bool
) -> None:
    """More words to a case that is there: unless they are thanks, they want an answer. `is_found`:
    nobody said to which case they belong, it was found by the number."""
    case.lock()
    if topic and URGENCY[topic] > case.urgency:
        case.urgency = URGENCY[topic]
        Case.objects.filter(pk=case.pk).update(urgency=case.urgency)
    case.happen(
        "said",
        by=by,
        words=words,
        is_shown=True,
        at=arrival.at,
        body={
            "arrival": arrival.pk,
            "channel": arrival.channel,
            "is_thanks": not topic and is_thanks(words),
            "is_found": is_found,
        },
    )
    record(
        CaseSaid(
            **named(case),
            owner=case.owner_id,
            arrival=arrival.pk,
            topic=str(topic or ""),
        ),
        by=by,
    )


def _same_matter(told: Known) -> Case | None:
    """The open case to which more words of the same number belong: one that is fresh, or, from who
    opened many today already, the last."""
    if told.latest is None or told.latest_at is None:
        return None
    if told.latest_at <= now() - SAME_MATTER and told.how_many < CASES_A_DAY:
        return None
    return Case.objects.select_related("store", "kind").get(pk=told.latest)


def _follow_merged(case: Case) -> Case:
    """What is said to a merged case is said to the one that it goes on in."""
    for _hop in range(20):
        if case.merged_into is None:
            break
        case = case.merged_into
    return case


def _number(arrival: Arrival) -> Arrival:
    """The last thing done, so that the row of numbers is locked as briefly as can be."""
    arrival.on = arrival.recorded_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    [(arrival.number,)] = sql.run(
        SQL / "next_number.sql", {"channel": arrival.channel, "on": arrival.on}
    )
    arrival.save(force_insert=True)
    return arrival


def turn(asker: Asker, *, channel: str, key: str) -> dict[str, int]:
    """By which two marks a contact waits for its turn: two of one number, or one contact twice, do
    not overtake each other; others do."""
    who = asker.mark or (str(asker.household.pk) if asker.household else "")
    marks = [f"{channel} {key}", f"who {who}" if who else f"{channel} {key}"]
    first, second = sorted(zlib.crc32(mark.encode()) - 2**31 for mark in marks)
    return {"first": first, "second": second}


def take_turn(said: dict[str, Any], asker: Asker, *, channel: str, key: str) -> Any:
    """The row of an Idempotency-Key and the contact's turn in one trip (`idempotency.once`)."""
    return sql.first(SQL / "alone_with_key.sql", said | turn(asker, channel=channel, key=key))


def log_inbound(received: Received, *, by: Staff | None) -> Contact | None:
    """A family that came in or rang is also a conversation in its own file."""
    arrival = received.arrival
    if arrival.household is None or received.is_replay:
        return None
    return conversations.log(
        key=f"arrival:{arrival.pk}",
        household=arrival.household,
        member=arrival.member,
        staff=by,
        outcome=Contact.Outcome.REACHED,
        note=arrival.words,
        medium=MEDIUM.get(Channel(arrival.channel), Medium.VISIT),
        purpose=Purpose.SERVICE,
        is_inbound=True,
        at=arrival.at,
    )
