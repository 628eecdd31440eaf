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
from django.db import connection, transaction

from warmline.base import sql
from warmline.base.clock import now
from warmline.base.crypto import blind
from warmline.core.contacts import conversations, red_flags
from warmline.core.contacts.models import Contact, Medium, Purpose
from warmline.core.journal.recording import record
from warmline.core.people import complaining
from warmline.core.people.models import Household, Member, Staff, Store
from warmline.service.desk import promising
from warmline.service.desk.folding import Course, Fact, as_body, step
from warmline.service.desk.models import Arrival, Case, CaseKind, Channel, FromWhom
from warmline.service.desk.routing import first_asked
from warmline.service.desk.saying import named
from warmline.service.desk.signals import CaseOpened, CaseSaid
from warmline.service.desk.thanks import is_thanks

SQL = Path(__file__).parent / "sql"
SAME_MATTER = timedelta(minutes=15)  # more words of one number so soon belong to the same case
CASES_A_DAY = 5  # of one number; what comes after that adds to the last one
GIST = 80
WORDS_MAX = 8000
MEDIUM = {
    Channel.WALK_IN: Medium.VISIT,
    Channel.PHONE: Medium.PHONE,
    Channel.SMS: Medium.SMS,
    Channel.WECOM: Medium.WECOM,
    Channel.EMAIL: Medium.EMAIL,
}
URGENCY = {
    red_flags.Topic.SAFETY: Case.Urgency.SAFETY,
    red_flags.Topic.HEALTH: Case.Urgency.HEALTH,
    red_flags.Topic.SELF_HARM: Case.Urgency.SELF_HARM,
}


@dataclass(frozen=True)
class Received:
    arrival: Arrival
    case: Case
    is_new: bool  # it opened its case
    is_replay: bool = False  # it had come before


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Who asks, as far as they said or we know."""

    name: str = ""
    phone: str = ""  # E.164
    email: str = ""
    wecom_id: str = ""
    from_whom: str = FromWhom.FAMILY
    household: Household | None = None
    member: Member | None = None

    @property
    def mark(self) -> str:
        """By what somebody is known again who is no member: a number, an address, a messenger."""
        address = f"mail:{self.email.casefold()}" if self.email else ""
        return self.phone or address or (f"wecom:{self.wecom_id}" if self.wecom_id else "")


@transaction.atomic
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
) -> Received:
    """Take in one contact. The same key on the same channel is the same contact, read twice.

    `case`: it says itself to which case it belongs (a link, a reply). `by`: who wrote it down;
    `owner`: who was asked first, if somebody was.
    """
    key = (key or secrets.token_urlsafe(16))[:120]
    _one_at_a_time(asker, channel=channel, key=key)
    if first := Arrival.objects.filter(channel=channel, key=key).select_related("case").first():
        return Received(first, first.case, is_new=first.opened, is_replay=True)
    words = words.replace("\0", "").strip()[:WORDS_MAX]
    asker = asker if asker.household or case else known(asker, store=store)
    target = _follow_merged(case) if case else None if by else _open_matter(asker)
    is_new = target is None
    topic = red_flags.look(f"{subject} {words}")
    if target is None:
        target = open_case(
            kind=CaseKind.objects.get(code=kind) if kind else default_kind(),
            store=store or _store_of(asker),
            household=asker.household,
            member=asker.member,
            from_whom=asker.from_whom,
            name=asker.name or (asker.member.name if asker.member else ""),
            phone=asker.phone,
            mark=asker.mark,
            channel=channel,
            words=words or subject,
            subject=subject,
            owner=owner,
            by=by,
            at=at,
            urgency=URGENCY[topic] if topic else Case.Urgency.NORMAL,
        )
    arrival = _number(
        Arrival(
            channel=channel,
            key=key,
            case=target,
            store=target.store,
            household_id=target.household_id,
            member=asker.member,
            from_whom=asker.from_whom,
            name=asker.name,
            phone=asker.phone,
            email=asker.email,
            wecom_id=asker.wecom_id,
            subject=subject,
            words=words,
            opened=is_new,
            logged_by=by,
            at=at or now(),
        )
    )
    if not is_new:
        _add(target, arrival, words, topic=topic, by=by)
    return Received(arrival, target, is_new=is_new)


def open_case(
    *,
    kind: CaseKind,
    store: Store,
    channel: str,
    words: str,
    household: Household | None = None,
    member: Member | None = None,
    from_whom: str = FromWhom.FAMILY,
    name: str = "",
    phone: str = "",
    mark: str = "",
    phone_bi: bytes | None = None,
    phone_last4: str = "",
    subject: str = "",
    owner: Staff | None = None,
    queue: str = Case.Queue.STORE,
    by: Staff | None = None,
    at: datetime | None = None,
    urgency: int = Case.Urgency.NORMAL,
) -> Case:
    """A new case with its first event: an owner or a queue, and its deadlines."""
    happened = min(at or now(), now())
    owner = owner or first_asked(store, household, happened)
    case = Case(
        kind=kind,
        store=store,
        household=household,
        member=member,
        from_whom=from_whom,
        name=name,
        gist=" ".join((subject or words).split())[:GIST],
        phone_bi=phone_bi,
        phone_last4=phone_last4,
        channel=channel,
        urgency=urgency,
        opened_at=happened,
        last_at=happened,
        first_owner=owner,
    )
    if phone:
        case.set_phone(phone)
    elif mark:
        case.phone_bi = blind(mark)
    case.give_token()
    body: dict[str, Any] = {
        "finish_days": kind.finish_days,
        "owner": owner.pk if owner else None,
        "queue": queue,
        "channel": channel,
    }
    fact = Fact(kind="opened", at=happened, by=by.pk if by else None, body=body)
    after = step(Course(), fact, case.days())
    case.stand(after)
    case.seq = 1
    case.save(force_insert=True)
    case.events.create(
        seq=1,
        kind="opened",
        at=happened,
        by=by,
        words=words,
        is_shown=True,
        body={**body, "clocks": as_body(after)},
    )
    promising.follow(case, was=Course(), fact=fact)
    if household and kind.is_complaint:
        complaining.complained(household)
    topic = next((str(t) for t, level in URGENCY.items() if level == urgency), "")
    opened = CaseOpened(
        **named(case),
        owner=case.owner_id,
        case_kind=kind.code,
        channel=channel,
        topic=topic,
    )
    record(opened, by=by)
    return case


def _add(case: Case, arrival: Arrival, words: str, *, topic: Any, by: Staff | None) -> None:
    """More words to a case that is there: unless they are thanks, they want an answer."""
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


def known(asker: Asker, *, store: Store | None) -> Asker:
    """Who is that? By number, address or messenger; of two families with one number the one of
    this store, else the one we spoke to last."""
    found = Member.objects.filter(household__merged_into__isnull=True)
    if asker.phone:
        found = found.filter(phone_bi=blind(asker.phone))
    elif asker.wecom_id:
        found = found.filter(wecom_id=asker.wecom_id)
    else:
        return asker
    members = list(found.select_related("household__store", "household__home_guide")[:20])
    if not members or asker.from_whom != FromWhom.FAMILY:
        return asker
    best = max(members, key=lambda m: _nearness(m, store))
    return Asker(
        name=asker.name or best.name,
        phone=asker.phone or best.phone,
        email=asker.email,
        wecom_id=asker.wecom_id,
        from_whom=asker.from_whom,
        household=best.household,
        member=best,
    )


def _nearness(member: Member, store: Store | None) -> tuple[bool, float, int]:
    family = member.household
    spoke = family.last_contact_at
    is_here = store is not None and family.store_id == store.pk
    return is_here, spoke.timestamp() if spoke else 0.0, -member.pk


def default_kind() -> CaseKind:
    kind = CaseKind.objects.filter(is_on=True).first()
    assert kind is not None, "kinds of matters come with the tables"
    return kind


def _open_matter(asker: Asker) -> Case | None:
    """The open case to which more words of the same number belong: one that is fresh, or, from who
    opened many today already, the last."""
    theirs = Case.objects.select_related("store", "kind").filter(closed_at__isnull=True)
    if asker.household:
        theirs = theirs.filter(household=asker.household)
    elif asker.mark:
        theirs = theirs.filter(household__isnull=True, phone_bi=blind(asker.mark))
    else:
        return None
    lately = list(theirs.filter(opened_at__gt=now() - timedelta(days=1)).order_by("-opened_at")[:9])
    if not lately:
        return None
    fresh = lately[0].opened_at > now() - SAME_MATTER
    return lately[0] if fresh or len(lately) >= CASES_A_DAY else None


def _follow_merged(case: Case) -> Case:
    """What is said to a merged case is said to the one that it goes on in."""
    for _hop in range(20):
        if case.merged_into is None:
            break
        case = case.merged_into
    return case


def _store_of(asker: Asker) -> Store:
    """Where nobody said a store: the family's, else the first one that is open."""
    if asker.household:
        return asker.household.store
    store = Store.objects.filter(is_open=True).order_by("pk").first()
    assert store is not None, "a chain has a store"
    return store


def _number(arrival: Arrival) -> Arrival:
    """The last thing done, so that the row of numbers is locked as briefly as can be."""
    arrival.on = arrival.recorded_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    [(arrival.number,)] = sql.run(
        SQL / "next_number.sql", {"channel": arrival.channel, "on": arrival.on}
    )
    arrival.save(force_insert=True)
    return arrival


def _one_at_a_time(asker: Asker, *, channel: str, key: str) -> None:
    """Two contacts of one number, or one contact twice, do not overtake each other; others do."""
    who = asker.mark or (str(asker.household.pk) if asker.household else "")
    marks = sorted({zlib.crc32(f"{channel} {key}".encode()), zlib.crc32(f"who {who}".encode())})
    with connection.cursor() as cursor:
        for mark in marks:
            cursor.execute("SELECT pg_advisory_xact_lock(79, %s::bigint::bit(32)::int)", [mark])


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
