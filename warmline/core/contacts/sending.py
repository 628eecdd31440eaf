"""Queueing a message: written down first, once per key, and sent later by the `deliver` loop."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from warmline.base.clock import now
from warmline.core.contacts.channels.words import clean, parts
from warmline.core.contacts.gates import PROMOTIONAL, Blocked, Goods, check, quiet_until
from warmline.core.contacts.models import Message
from warmline.core.people.models import Household, Member, Staff, Store

__all__ = ["NoAddress", "TooLong", "opt_out", "parts", "queue"]

PARTS_MAX = 8
OPT_OUT = "拒收请回复R"


class NoAddress(Exception):
    """There is no number or address of this kind to send to."""


class TooLong(Exception):
    """A text that would be paid as too many short messages."""


def queue(
    key: str,
    *,
    channel: str,
    purpose: str,
    text: str,
    household: Household | None = None,
    staff: Staff | None = None,
    member: Member | None = None,
    store: Store | None = None,
    address: str = "",
    subject: str = "",
    thread: str = "",
    template: str = "",
    params: Iterable[tuple[str, str]] = (),
    products: Iterable[Goods] = (),
    run_at: datetime | None = None,
    read_why: bool = False,
) -> Message:
    """Put one text on its way to a family or a colleague; the same key again is the same message.
    Who is neither (a stranger who asked `store` something) is answered at the `address` they gave.

    Raises `Blocked` when a gate refuses (`read_why`: a person read the soft refusals and goes on).
    In quiet hours it is not refused but waits for the morning.
    """
    if first := Message.objects.filter(key=key).first():
        return first
    text = opt_out(clean(text)) if channel == "sms" and purpose in PROMOTIONAL else clean(text)
    if channel == "sms" and parts(text) > PARTS_MAX:
        raise TooLong(parts(text))
    message = Message(
        key=key,
        household=household,
        staff=staff,
        store_id=_store(household, staff, store),
        channel=channel,
        purpose=purpose,
        to=address or _address(channel, household=household, staff=staff, member=member),
        subject=subject,
        thread=thread,
        text=text,
        template=template,
        params=[list(pair) for pair in params],
        run_at=run_at or now(),
    )
    with transaction.atomic():
        if household:
            _through_the_gates(message, household, products=products, read_why=read_why)
        elif store:
            message.run_at = quiet_until(purpose, store.zone, message.run_at) or message.run_at
        try:
            with transaction.atomic():
                message.save(force_insert=True)
        except IntegrityError:
            return Message.objects.get(key=key)
    return message


def _through_the_gates(
    message: Message, household: Household, *, products: Iterable[Goods], read_why: bool
) -> None:
    """One at a time per family, so that two who ask at once do not both use the last try."""
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    refused = [
        r
        for r in check(household, message.purpose, message.channel, message.run_at, products)
        if r.rule != "quiet" and (r.is_hard or not read_why)
    ]
    if refused:
        raise Blocked(refused)
    morning = quiet_until(message.purpose, household.store.zone, message.run_at)
    message.run_at = morning or message.run_at


def _store(household: Household | None, staff: Staff | None, store: Store | None) -> int | None:
    whose = household or staff
    return whose.store_id if whose else store.pk if store else None


def opt_out(text: str) -> str:
    """A promotional text says how to be rid of the next one, free of charge."""
    return text if OPT_OUT in text else f"{text} {OPT_OUT}"


def _address(
    channel: str, *, household: Household | None, staff: Staff | None, member: Member | None
) -> str:
    who = member or staff or (household and _first_member(household, channel))
    address = _of(who, channel) if who else ""
    if not address:
        raise NoAddress(channel)
    return address


def _of(who: Member | Staff, channel: str) -> str:
    return {"sms": who.phone, "email": who.email, "wecom": who.wecom_id}[channel]


def _first_member(household: Household, channel: str) -> Member | None:
    """The primary member if she can be reached so, else the first who can."""
    return next((m for m in household.members.all() if _of(m, channel)), None)
