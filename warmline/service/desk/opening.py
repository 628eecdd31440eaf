"""Opening: a new case with its first event, its owner or queue, its deadlines, and all that follows
from it, written in one statement (`take_in.sql`)."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from warmline.base import sql
from warmline.base.clock import now
from warmline.base.crypto import blind
from warmline.core.contacts import red_flags
from warmline.core.journal.recording import entry_of, owed_for
from warmline.core.people.models import Staff, Store
from warmline.service.desk import promising
from warmline.service.desk.clocks import StoreDays
from warmline.service.desk.folding import Course, Days, Fact, as_body, step
from warmline.service.desk.knowing import Known, first_asked
from warmline.service.desk.models import Arrival, Case, CaseEvent, CaseKind, Channel, FromWhom
from warmline.service.desk.saying import named
from warmline.service.desk.signals import CaseOpened

SQL = Path(__file__).parent / "sql"
GIST = 80
URGENCY = {
    red_flags.Topic.SAFETY: Case.Urgency.SAFETY,
    red_flags.Topic.HEALTH: Case.Urgency.HEALTH,
    red_flags.Topic.SELF_HARM: Case.Urgency.SELF_HARM,
}


@dataclass(frozen=True)
class Opening:
    """A new case that is not written yet."""

    case: Case
    event: CaseEvent
    by: Staff | None


def of_contact(
    told: Known,
    *,
    channel: str,
    words: str,
    subject: str,
    owner: Staff | None,
    by: Staff | None,
    at: datetime,
    urgency: int,
) -> Opening:
    """The case that this contact opens."""
    asker, asked = told.asker, owner.pk if owner else told.first_asked
    case = Case(
        pk=told.case,
        kind=told.kind,
        store=told.store,
        household_id=told.household,
        member_id=told.member,
        from_whom=asker.from_whom,
        name=asker.name or (asker.member.name if asker.member else ""),
        gist=" ".join((subject or words).split())[:GIST],
        channel=channel,
        urgency=urgency,
        opened_at=at,
    )
    if asker.phone:
        case.set_phone(asker.phone)
    elif asker.mark:
        case.phone_bi = blind(asker.mark)
    days = StoreDays(told.store, cut_off=told.cut_off, laid=told.days)
    return _begun(case, days, owner=asked, words=words or subject, by=by)


def of_split(
    case: Case, *, kind: CaseKind, words: str, about: tuple[str, ...], by: Staff
) -> Opening:
    """A second matter of the same people, with the same owner."""
    told = {name: getattr(case, name) for name in about}
    new = Case(
        **told,
        kind=kind,
        queue=case.queue,
        gist=" ".join(words.split())[:GIST],
        channel=case.channel,
        opened_at=now(),
    )
    [(new.pk,)] = sql.run(SQL / "next_case.sql", {})
    owner = case.owner_id
    if owner is None and case.household_id:
        owner = first_asked(case.store_id, case.household_id, new.opened_at)
    return _begun(new, new.days(), owner=owner, words=words, by=by)


def of_ours(
    *, kind: CaseKind, store: Store, words: str, owner: Staff | None, by: Staff | None
) -> Opening:
    """What nobody asked: we saw it ourselves. Without an owner it is the agents'."""
    case = Case(
        kind=kind,
        store=store,
        from_whom=FromWhom.COLLEAGUE,
        queue=Case.Queue.STORE if owner else Case.Queue.DESK,
        gist=" ".join(words.split())[:GIST],
        channel=Channel.API,
        opened_at=now(),
    )
    [(case.pk,)] = sql.run(SQL / "next_case.sql", {})
    return _begun(case, case.days(), owner=owner.pk if owner else None, words=words, by=by)


def _begun(case: Case, days: Days, *, owner: int | None, words: str, by: Staff | None) -> Opening:
    """Its first event, and how it stands after that."""
    body: dict[str, Any] = {
        "finish_days": case.kind.finish_days,
        "owner": owner,
        "queue": case.queue,
        "channel": case.channel,
    }
    fact = Fact(kind="opened", at=case.opened_at, by=by.pk if by else None, body=body)
    after = step(Course(), fact, days)
    case.stand(after)
    case.give_token()
    case.first_owner_id, case.seq, case.last_at = owner, 1, case.opened_at
    event = CaseEvent(
        case_id=case.pk,
        seq=1,
        kind="opened",
        at=case.opened_at,
        by=by,
        words=words,
        is_shown=True,
        body={**body, "clocks": as_body(after)},
    )
    return Opening(case, event, by)


def write(new: Opening, *, arrival: Arrival | None = None) -> Case:
    """All of it; and what came in gets its number, the last thing done."""
    case = new.case
    listeners = owed_for(CaseOpened)
    if arrival:
        arrival.on = arrival.recorded_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    found = sql.first(
        SQL / "take_in.sql",
        {
            "case": json.dumps(sql.row(case)),
            "event": json.dumps(sql.row(new.event)),
            "promises": json.dumps([sql.row(owed) for owed in promising.at_first(case)]),
            "entry": json.dumps(sql.row(entry_of(_opened(case), by=new.by, at=now()))),
            "listeners": [name for name, _alone in listeners],
            "alone": [alone for _name, alone in listeners],
            "complained": case.household_id if case.kind.is_complaint else None,
            "now": now(),
            "arrival": json.dumps(sql.row(arrival) if arrival else {}),
        },
    )
    case._state.adding, case._state.db = False, "default"
    if arrival:
        assert found
        arrival.pk, arrival.number = found
        arrival._state.adding, arrival._state.db = False, "default"
    return case


def topic_of(case: Case) -> red_flags.Topic | None:
    """The danger that was spoken of, if any was."""
    return next((topic for topic, level in URGENCY.items() if level == case.urgency), None)


def _opened(case: Case) -> CaseOpened:
    return CaseOpened(
        **named(case),
        owner=case.owner_id,
        case_kind=case.kind.code,
        channel=case.channel,
        topic=str(topic_of(case) or ""),
    )
