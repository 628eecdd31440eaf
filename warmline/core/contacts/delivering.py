"""Delivering: the `deliver` loop's work. What a provider has accepted is never sent again (G9).

A try is written down before the provider is called, and what came of it afterwards. A worker that
dies in between leaves an open try: its message is uncertain, and the provider is asked about it, or
told again with the same key where it refuses twins by itself. Fast channels take many messages
between two commits, slow ones one, so that a crash leaves hardly any in doubt.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.contacts.channels import Channel, Receipt, Refused, Remembers, Retry
from warmline.core.contacts.channels.configured import Misconfigured, configured
from warmline.core.contacts.channels.outbox import Outbox
from warmline.core.contacts.gates import hours_end
from warmline.core.contacts.models import Message, QuietHours
from warmline.core.contacts.signals import MessageFailed
from warmline.core.journal.recording import record_many
from warmline.core.journal.workers import Shift, dead

SQL = Path(__file__).parent / "sql"
BATCH = 50
TRIES_MAX = 8
ASK_AFTER = timedelta(minutes=1)  # until then a provider's own list may not show it yet
ASK_FOR = timedelta(days=1)
MEND_AFTER = timedelta(minutes=5)
WAIT_MAX = timedelta(hours=1)
SWIFT_S = 0.02  # a group that took no longer may be twice as large the next time
A_SECOND = {"sms": 30, "wecom": 10, "email": 5}  # what one worker asks of a provider at most
GIVE_UP = "gave up after eight tries"
Status = Message.Status
log = logging.getLogger("warmline.deliver")


def never() -> bool:
    return False


@dataclass(frozen=True)
class Result:
    """What came of one message."""

    message: int
    status: str
    receipt: str = ""
    error: str = ""
    run_at: datetime | None = None
    give_back: int = 0  # a try that was none


class Postman:
    """A worker's way of delivering: its channels, and how fast each of them is."""

    def __init__(self, shift: Shift, channel_of: Callable[[str], Channel]) -> None:
        self.shift, self.channel_of = shift, channel_of
        self.group: dict[str, int] = defaultdict(lambda: 1)
        self.free_at: dict[str, float] = {}

    def deliver_once(self, *, limit: int = BATCH, stopping: Callable[[], bool] = never) -> int:
        """Claim a batch and see it off; how many were claimed (0: nothing to do)."""
        count, free = self._claimed(limit)
        for channel, messages in free.items():
            self._send_all(channel, messages, stopping)
        asked = [] if stopping() else self._asked(limit)
        for message in asked:
            self._settle([self._ask(message)])
        return count + len(asked)

    def _claimed(self, limit: int) -> tuple[int, dict[str, list[Message]]]:
        """How many are ours; by channel, which may leave now. The others wait, or end here."""
        at = now()
        asked = {"owner": self.shift.number, "now": at, "limit": limit}
        rows = sql.run(SQL / "claim.sql", asked)
        hours = QuietHours.objects.order_by("pk").first() if rows else None
        found = Message.objects.in_bulk([row[0] for row in rows])
        free: dict[str, list[Message]] = defaultdict(list)
        held: list[Result] = []
        for pk, zone, is_allowed in rows:
            message = found[pk]
            quiet = hours and zone and hours_end(hours, message.purpose, ZoneInfo(zone), at)
            if not is_allowed:
                held.append(Result(pk, Status.FAILED, error="consent"))
            elif quiet:
                held.append(Result(pk, Status.QUEUED, run_at=quiet, give_back=1))
            else:
                free[message.channel].append(message)
        self._settle(held)
        return len(rows), free

    def _send_all(self, kind: str, messages: list[Message], stopping: Callable[[], bool]) -> None:
        try:
            channel = self.channel_of(kind)
        except Misconfigured as error:  # somebody has to mend it; other channels go on
            log.warning("%s: %s", kind, error)
            self._settle([_mend_first(message, str(error), give_back=1) for message in messages])
            return
        while messages and not stopping():
            group, messages = messages[: self.group[kind]], messages[self.group[kind] :]
            began = time.monotonic()
            self._send_group(channel, kind, group)
            swift = time.monotonic() - began <= SWIFT_S
            self.group[kind] = min(self.group[kind] * 2, BATCH) if swift else 1
        self._settle([Result(m.pk, Status.QUEUED, give_back=1) for m in messages])

    def _send_group(self, channel: Channel, kind: str, group: list[Message]) -> None:
        """Write down the tries, call the provider, write down what came of it."""
        ours = self._begin([message.pk for message in group])
        results = []
        for message in group:
            if message.pk in ours:
                self._keep_pace(channel, kind)
                results.append(send(channel, message))
        self._settle(results)

    def _begin(self, ids: Sequence[int]) -> set[int]:
        asked = {"ids": list(ids), "owner": self.shift.number, "now": now()}
        return {row[0] for row in sql.run(SQL / "attempt.sql", asked)}

    def _keep_pace(self, channel: Channel, kind: str) -> None:
        if isinstance(channel, Outbox) or kind not in A_SECOND:
            return
        wait = self.free_at.get(kind, 0) - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self.free_at[kind] = time.monotonic() + 1 / A_SECOND[kind]

    def _asked(self, limit: int) -> list[Message]:
        asked = {"owner": self.shift.number, "now": now(), "limit": limit}
        rows = sql.run(SQL / "claim_uncertain.sql", asked)
        return list(Message.objects.filter(pk__in=[row[0] for row in rows])) if rows else []

    def _ask(self, message: Message) -> Result:
        """It may have left: ask, where somebody can say; else send it again under the same key."""
        try:
            channel = self.channel_of(message.channel)
        except Misconfigured as error:
            return _mend_first(message, str(error), status=Status.UNCERTAIN)
        if isinstance(channel, Remembers):
            try:
                found = find(channel, message)
            except (Retry, Refused) as error:
                return _ask_again(message, str(error))
            if found is not None:
                return _accepted(message, found)
        if message.tries >= TRIES_MAX:
            return Result(message.pk, Status.FAILED, error=message.error or GIVE_UP)
        again = {"id": message.pk, "owner": self.shift.number}
        if sql.run(SQL / "send_again.sql", again) and self._begin([message.pk]):
            message.tries += 1
            self._keep_pace(channel, message.channel)
            return send(channel, message)
        return Result(message.pk, Status.UNCERTAIN, run_at=now() + ASK_AFTER)

    @transaction.atomic
    def _settle(self, results: Iterable[Result]) -> None:
        results = list(results)
        if not results:
            return
        rows = sql.run(
            SQL / "settle.sql",
            {
                "ids": [r.message for r in results],
                "statuses": [str(r.status) for r in results],
                "receipts": [r.receipt[:120] for r in results],
                "errors": [r.error[:500] for r in results],
                "run_ats": [r.run_at for r in results],
                "give_backs": [r.give_back for r in results],
                "now": now(),
                "owner": self.shift.number,
            },
        )
        failed = [
            MessageFailed(household=household, store=store, message=pk, reason=error)
            for pk, status, household, store, error in rows
            if status == Status.FAILED
        ]
        if failed:
            record_many(failed)


@cache
def channel_of(kind: str) -> Channel:
    """The channel of this deployment for a kind of message; built once."""
    return configured(kind, settings.ENV)


def deliver_once(
    shift: Shift,
    *,
    limit: int = BATCH,
    channels: Callable[[str], Channel] = channel_of,
    stopping: Callable[[], bool] = never,
) -> int:
    """One batch of one worker; a loop keeps its `Postman` to remember how fast channels are."""
    return Postman(shift, channels).deliver_once(limit=limit, stopping=stopping)


def send(channel: Channel, message: Message) -> Result:
    """One call of the provider, and what it means for the message."""
    try:
        return _accepted(message, channel.send(message))
    except Refused as error:
        return Result(message.pk, Status.FAILED, error=str(error) or error.reason)
    except Retry as error:
        if error.ambiguous:
            after = error.after or ASK_AFTER
            return Result(message.pk, Status.UNCERTAIN, error=str(error), run_at=now() + after)
        return _later(message, str(error), after=error.after)
    except Exception as error:  # a fault of our own: nobody knows how far it came
        log.exception("message %s", message.pk)
        told = type(error).__name__
        return Result(message.pk, Status.UNCERTAIN, error=told, run_at=now() + ASK_AFTER)


def find(channel: Remembers, message: Message) -> Receipt | None:
    """What the provider says about a message that may have left."""
    first = message.attempts.order_by("at").values_list("at", flat=True).first()
    others = Message.objects.filter(household=message.household_id, staff=message.staff_id)
    known = others.exclude(pk=message.pk).exclude(receipt="").order_by("-pk")
    receipts = list(known.values_list("receipt", flat=True)[:200])
    since = (first or message.created_at) - timedelta(minutes=5)
    return channel.find(message, since=since, known=receipts)


def _accepted(message: Message, receipt: Receipt) -> Result:
    if receipt.delivered is False:
        return Result(message.pk, Status.FAILED, receipt=receipt.id, error="not delivered")
    status = Status.DELIVERED if receipt.delivered else Status.ACCEPTED
    return Result(message.pk, status, receipt=receipt.id)


def _later(message: Message, error: str, *, after: timedelta | None = None) -> Result:
    if message.tries >= TRIES_MAX:
        return Result(message.pk, Status.FAILED, error=error or GIVE_UP)
    wait = after or min(timedelta(seconds=5 * 2**message.tries), WAIT_MAX)
    return Result(message.pk, Status.QUEUED, error=error, run_at=now() + wait)


def _mend_first(
    message: Message, error: str, *, status: str = Status.QUEUED, give_back: int = 0
) -> Result:
    """The settings of its channel are wrong: it waits, and says so on the outbox screen."""
    later = now() + MEND_AFTER
    return Result(message.pk, status, error=error, run_at=later, give_back=give_back)


def _ask_again(message: Message, error: str) -> Result:
    """Nobody can say yet whether it left; after a day that is what we say."""
    tried = message.attempts.order_by("-at").values_list("at", flat=True).first()
    if tried and now() - tried > ASK_FOR:
        return Result(message.pk, Status.FAILED, error=f"nobody can say whether it left: {error}")
    return Result(message.pk, Status.UNCERTAIN, error=error, run_at=now() + ASK_AFTER)


def rescue(shift: Shift) -> int:
    """Take over what dead workers held; how many workers were found dead."""
    held = Message.objects.filter(owner_id__isnull=False).exclude(owner_id=shift.number)
    owners = {owner for owner in held.values_list("owner_id", flat=True) if owner is not None}
    gone = [owner for owner in owners if dead(owner)]
    for owner in gone:
        sql.changed(SQL / "rescue.sql", {"owner": owner, "ask_at": now() + ASK_AFTER})
    return len(gone)
