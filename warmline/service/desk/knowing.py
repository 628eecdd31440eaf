"""Knowing: who comes in, and what we have of them. Asked in one statement, as it is asked of every
contact there is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from warmline.base import sql
from warmline.base.clock import now
from warmline.base.crypto import blind, unsealed
from warmline.core.people.models import Household, Member, Store
from warmline.service.desk.models import CaseKind, DeskRules, FromWhom

SQL = Path(__file__).parent / "sql"
DAYS = 9  # of its store's calendar; who needs a later one asks for it
LATELY = timedelta(days=1)


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


class OneDay(NamedTuple):
    """A day of the store as it is laid out."""

    on: date
    opens_at: datetime | None
    sundown_at: datetime


@dataclass(frozen=True)
class Known:
    """What we know of one contact before anything is written."""

    arrival: int | None  # it came before, and this is it
    asker: Asker
    household: int | None
    member: int | None
    latest: int | None  # of the cases that they opened lately and that are open
    latest_at: datetime | None
    how_many: int  # of these
    store: Store
    kind: CaseKind
    days: Sequence[OneDay]
    cut_off: timedelta
    case: int | None  # the number that a new case gets
    first_asked: int | None  # of the staff; none: the store's queue


def look(
    asker: Asker,
    *,
    channel: str,
    key: str,
    store: Store | None,
    kind: str,
    at: datetime,
    is_said: bool,
) -> Known:
    """Everything that one contact needs to know. `is_said`: they say themselves to which case it
    belongs, and are not sought."""
    family = asker.household
    is_sought = not is_said and family is None and asker.from_whom == FromWhom.FAMILY
    store = store or (family.store if family else None)
    found = _looked(
        channel=channel,
        key=key,
        phone=blind(asker.phone) if is_sought and asker.phone else None,
        wecom=asker.wecom_id if is_sought and not asker.phone else "",
        household=family.pk if family else None,
        mark=blind(asker.mark) if asker.mark and not family else None,
        store=store.pk if store else None,
        kind=kind,
        at=at,
        is_said=is_said,
    )
    return _read(found, asker, store)


def first_asked(store: int, household: int, at: datetime) -> int | None:
    """Who is asked first about something in this store: the guide who sold it, if she is at work; the
    family's home guide; a colleague of the same store, best one who speaks their dialect. None: its
    queue."""
    [*_rest, asked] = _looked(household=household, store=store, at=at)
    return asked


NOBODY = {"channel": "", "key": "", "phone": None, "wecom": "", "mark": None, "kind": ""}


def _looked(**asked: Any) -> tuple[Any, ...]:
    always = {"lately": now() - LATELY, "days": DAYS, "is_said": False}
    found = sql.first(SQL / "look.sql", NOBODY | always | asked)
    assert found
    return found


def _read(found: Sequence[Any], asker: Asker, store: Store | None) -> Known:
    (arrival, member, household, name, phone, how_many, latest, latest_at,
     store_row, kind_row, ons, opens, sundowns, cut_off_min, case, asked) = found  # fmt: skip
    assert store or store_row, "a chain has a store"
    assert kind_row, "kinds of matters come with the tables"
    if member:
        called = unsealed(phone, Member, "phone") if not asker.phone else asker.phone
        asker = replace(asker, name=asker.name or name, phone=called)
    return Known(
        arrival=arrival,
        asker=asker,
        household=asker.household.pk if asker.household else household,
        member=asker.member.pk if asker.member else member,
        latest=latest,
        latest_at=latest_at,
        how_many=how_many,
        store=store or sql.read_back(Store, store_row),
        kind=sql.read_back(CaseKind, kind_row),
        days=list(_in_a_row(map(OneDay, ons or (), opens or (), sundowns or ()))),
        cut_off=timedelta(minutes=cut_off_min) if cut_off_min is not None else DeskRules().cut_off,
        case=case,
        first_asked=asked,
    )


def _in_a_row(days: Iterable[OneDay]) -> Iterator[OneDay]:
    """Until the first one that is not laid out."""
    last = None
    for day in days:
        if last is not None and day.on != last + timedelta(days=1):
            return
        last = day.on
        yield day


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
