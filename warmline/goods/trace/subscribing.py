"""Partners who want to be told: as events come, or by a timetable; signed, tried again, given up.

What to tell is written down with the event it is about (`deliver` sends it later), so that nothing is
lost when a partner is away. After ten tries it is put aside and seen by head office.
"""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.goods.trace import asking, numbers, outward, parameters, telling, timetable
from warmline.goods.trace.models import Callback, Event, NamedQuery, Subscription

TRIES_MAX = 10
WAITS_S = (10, 30, 120, 300, 900, 1800, 3600, 7200, 14400)
AT_ONCE = 20
EVENTS_MAX = 500  # in one callback
TOKEN_MIN, TOKEN_MAX = 10, 200


class BadSubscription(ValueError):
    """SubscriptionControlsException: what is wrong with it."""


def subscribe(query: NamedQuery, said: dict[str, Any], *, epc_format: str = "") -> Subscription:
    """Note who wants to be told what; raises `BadSubscription` or `timetable.BadTimetable`."""
    schedule, stream = said.get("schedule"), said.get("stream", False)
    if bool(schedule) == bool(stream):
        raise BadSubscription(_("A subscription has stream or schedule, one of them."))
    dest, secret = said.get("dest"), said.get("signatureToken", said.get("secret", ""))
    if not isinstance(dest, str) or not isinstance(secret, str) or "\0" in dest + secret:
        raise BadSubscription(_("dest and signatureToken are texts."))
    if not TOKEN_MIN <= len(secret) <= TOKEN_MAX:
        raise BadSubscription(_("A signatureToken has 10 to 200 characters."))
    try:
        outward.target(dest)
    except outward.Forbidden as error:
        raise BadSubscription(str(error)) from error
    if schedule and not isinstance(schedule, dict):
        raise BadSubscription(_("A schedule is an object."))
    since = said.get("initialRecordTime")
    at = parameters.read({"GE_recordTime": since}).times["GE_recordTime"] if since else None
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return Subscription.objects.create(
        query=query,
        dest=dest,
        signature_token=secret,
        is_stream=not schedule,
        schedule=schedule or None,
        report_if_empty=bool(said.get("reportIfEmpty", False)),
        min_record_time=at,
        due_at=timetable.following(schedule, now()) if schedule else None,
        told_until=numbers.floor_of(at) if at else newest,
        epc_format=epc_format,
    )


def hear(job: int, first: int, last: int) -> int:
    """One document came in: note whom to tell of which of its events; how many callbacks. Between its
    first and its last may lie events of another, of which they hear by that one."""
    made = 0
    for subscription in Subscription.objects.filter(is_stream=True).select_related("query"):
        ids = list(_matching(subscription, first, last).filter(job_id=job))
        for n in range(0, len(ids), EVENTS_MAX):
            told = ids[n : n + EVENTS_MAX]
            Callback.objects.create(subscription=subscription, event_ids=told)
            made += 1
    return made


def _matching(subscription: Subscription, first: int, last: int) -> QuerySet[Event, int]:
    question = parameters.read(subscription.query.query)
    rows = Event.objects.filter(asking.condition(question), pk__gte=first, pk__lte=last)
    return rows.order_by("pk").values_list("pk", flat=True)


def look_at_timetables() -> int:
    """Whose time has come: note what is new for them since the last time."""
    due = Subscription.objects.filter(is_stream=False, due_at__lte=now())
    made = 0
    for pk in due.values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            mine = Subscription.objects.select_for_update(of=("self",)).select_related("query")
            subscription = mine.get(pk=pk)
            if subscription.due_at is None or subscription.due_at > now():
                continue
            # What is still being written has an older number: a few seconds are held back.
            settled = numbers.floor_of(now() - timedelta(seconds=2))
            rows = _matching(subscription, subscription.told_until + 1, settled)
            ids = list(rows[:EVENTS_MAX])
            if ids or subscription.report_if_empty:
                Callback.objects.create(subscription=subscription, event_ids=ids)
                made += 1
            if len(ids) == EVENTS_MAX:
                subscription.told_until = ids[-1]
            else:
                subscription.told_until = max(settled, subscription.told_until)
                subscription.due_at = timetable.following(subscription.schedule or {}, now())
            subscription.save(update_fields=["told_until", "due_at"])
    return made


def deliver(limit: int = AT_ONCE) -> int:
    """Send what is due; how many were tried. A partner who is away is asked about one at a time."""
    tried = 0
    for pk in list(_due().values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            mine = Callback.objects.select_for_update(skip_locked=True, of=("self",))
            one = (
                mine.select_related("subscription__query")
                .filter(pk=pk, status=Callback.Status.READY, due_at__lte=now())
                .first()
            )
            if one:
                _send(one)
                tried += 1
    return tried


def _due() -> Any:
    return Callback.objects.filter(status=Callback.Status.READY, due_at__lte=now()).order_by(
        "due_at"
    )


def _send(one: Callback) -> None:
    subscription = one.subscription
    said = telling.document(
        one.event_ids,
        epc_format=subscription.epc_format or telling.FORMATS[1],
        name=subscription.query.name,
        subscription=str(subscription.pk),
    )
    body = json.dumps(said, ensure_ascii=False).encode()
    try:
        status = outward.post(subscription.dest, body, headers(subscription, body, one.pk))
        error = "" if 200 <= status < 300 else f"HTTP {status}"
    except (outward.Forbidden, outward.Unreachable) as failure:
        error = str(failure)
    one.tries, one.error = one.tries + 1, error[:200]
    if not error:
        one.status = Callback.Status.SENT
        subscription.failing_since = None
    elif one.tries >= TRIES_MAX:
        one.status = Callback.Status.ASIDE
    else:
        one.due_at = now() + timedelta(seconds=WAITS_S[min(one.tries, len(WAITS_S)) - 1])
    if error:
        subscription.failing_since = subscription.failing_since or now()
        waiting = subscription.callbacks.filter(status=Callback.Status.READY)
        waiting.filter(due_at__lt=one.due_at).update(due_at=one.due_at)
    one.save(update_fields=["tries", "error", "status", "due_at"])
    subscription.save(update_fields=["failing_since"])


def headers(subscription: Subscription, body: bytes, number: int) -> dict[str, str]:
    """Who says it: a signature over the body with the subscriber's own token."""
    signature = hmac.digest(subscription.signature_token.encode(), body, hashlib.sha256).hex()
    return {
        "Content-Type": "application/json",
        "GS1-EPCIS-Version": "2.0.0",
        "GS1-CBV-Version": "2.0.0",
        "GS1-Signature": f"sha256={signature}",
        "Webhook-Id": str(number),
        "User-Agent": "Warmline",
    }


def purge(batch: int = 5_000) -> int:
    """Callbacks that were taken a week ago need not be kept."""
    old = Callback.objects.filter(
        status=Callback.Status.SENT, created_at__lt=now() - timedelta(days=7)
    )
    return Callback.objects.filter(pk__in=old.values("pk")[:batch]).delete()[0]


def end(subscription: Subscription) -> None:
    """Be told no more: what is still on its way goes with it."""
    subscription.delete()
