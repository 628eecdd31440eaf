"""Idempotency keys (G5): a request sent twice, by a tired network or a queue, has one effect.

The key's row is written first, in the transaction of the work. A twin that comes meanwhile waits on
it, and gives up with a 409 where the database's patience ends; later ones get the first one's
answer, and the same key with another body gets a 422. Answers are kept for 72 hours: those that
succeeded and those that would fail the same way again. A 5xx is forgotten with its work. An answer may
show a family: it is kept sealed, and whoever gets it again has read it again (G19).
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from warmline.base import sql
from warmline.base.clock import now
from warmline.base.crypto import decrypt, encrypt
from warmline.base.models import Idempotent

TAKE = Path(__file__).with_name("idempotency_take.sql")
KEEP = Path(__file__).with_name("idempotency_keep.sql")
HEADER = "Idempotency-Key"
KEY_MAX = 80
KEPT_FOR = timedelta(hours=72)
PLACE = "base_idempotent.answer"
PURGED_AT_ONCE = 20_000  # well within the patience of the database
DETERMINISTIC = frozenset({400, 404, 409, 410, 422})
TOO_LONG_A_WAIT = "55P03"  # lock_not_available: the first one still runs
RETRY_AFTER_S = 1
SEEN = "_saw"  # where a request notes whose data its answer shows (`people.reading`)


class KeyRefused(Exception):
    """The request cannot be answered under its key; `sentence` says why to whoever sent it."""

    status = 422
    code = "idempotency_key_reused"
    sentence = _("This Idempotency-Key was used for another request.")


class KeyMalformed(KeyRefused):
    status = 400
    code = "idempotency_key_malformed"
    sentence = _("An Idempotency-Key has 1 to 80 visible ASCII characters.")


class KeyBusy(KeyRefused):
    status = 409
    code = "idempotency_key_busy"
    sentence = _("The first request with this Idempotency-Key is still being answered.")


def key_of(request: HttpRequest) -> str | None:
    """The key that the request carries; a malformed one is refused rather than ignored."""
    key: str | None = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    if not 0 < len(key) <= KEY_MAX or not key.isascii() or not key.isprintable():
        raise KeyMalformed
    return key


def fingerprint_of(request: HttpRequest) -> bytes:
    """What makes two requests the same: method, address and body."""
    address = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(address + request.body).digest()


Row = tuple[Any, ...]
Take = Callable[[dict[str, Any]], Row | None]
Keep = Callable[[HttpRequest, dict[str, Any]], None]


def a_row(said: dict[str, Any]) -> Row | None:
    """The key's row, if nobody used it yet."""
    return sql.first(TAKE, said)


def an_answer(_request: HttpRequest, said: dict[str, Any]) -> None:
    """What was answered, into the key's row."""
    sql.first(KEEP, said)


def once(
    request: HttpRequest,
    answer: Callable[[], HttpResponseBase],
    *,
    scope: str,
    key: str | None = None,
    refuses_first: bool = False,
    take: Take = a_row,
    keep: Keep = an_answer,
) -> HttpResponseBase:
    """Answer this request, or repeat the answer it got before. Scope: credential and route.

    The key is the header's, or one given here (an event's own id). Without one it is simply
    answered. The work of a 4xx is undone and its answer kept; work that refuses before it writes
    anything leaves nothing to undo, and needs no savepoint of a transaction that is all its own.
    `take` and `keep`: hot paths write more than the key's row in the same trip.
    """
    key = key or key_of(request)
    if key is None:
        return answer()
    fingerprint = fingerprint_of(request)
    with transaction.atomic(savepoint=not refuses_first):
        kept = _take(take, scope=scope[:120], key=key, fingerprint=fingerprint)
        if kept.status is not None:
            again = _repeated(kept, fingerprint, body=_opened(kept))
            _note_again(request, kept)
            return again
        response = answer() if refuses_first else _or_undone(answer)
        kept.shown = _noted(request)
        if not _keep(request, kept, response, keep=keep, is_sealed=True):
            transaction.set_rollback(True)
        return response


def _or_undone(answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    with transaction.atomic():
        response = answer()
        if response.status_code >= 400:
            transaction.set_rollback(True)
        return response


def settle(
    request: HttpRequest, response: HttpResponse, *, scope: str, key: str, fingerprint: bytes
) -> HttpResponse:
    """Keep an answer that had no effect, or repeat the one that this key got meanwhile."""
    with transaction.atomic():
        kept = _take(a_row, scope=scope, key=key, fingerprint=fingerprint)
        if kept.status is not None:
            return _repeated(kept, fingerprint, body=bytes(kept.answer))
        # A refusal names nobody.
        _keep(request, kept, response, keep=an_answer, is_sealed=False)
        return response


def purge(batch: int = PURGED_AT_ONCE) -> int:
    """Forget answers older than 72 hours, so many a statement; how many."""
    old = Idempotent.objects.filter(created_at__lt=now() - KEPT_FOR)
    forgotten = 0
    while gone := old.filter(pk__in=old.values("pk")[:batch]).delete()[0]:
        forgotten += gone
    return forgotten


def _take(take: Take, *, scope: str, key: str, fingerprint: bytes) -> Idempotent:
    """The row of this key: ours to fill in (no status yet), or the one that was answered before."""
    said = {"scope": scope, "key": key, "fingerprint": fingerprint}
    try:
        ours = take(said)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == TOO_LONG_A_WAIT:
            raise KeyBusy from error
        raise
    if ours:
        return Idempotent(pk=ours[0], **said)
    return Idempotent.objects.get(scope=scope, key=key)


def _noted(request: HttpRequest) -> dict[str, list[int] | list[str]] | None:
    seen = request.__dict__.get(SEEN)
    return {name: sorted(noted) for name, noted in seen.items()} if seen else None


def _note_again(request: HttpRequest, kept: Idempotent) -> None:
    if kept.shown:
        request.__dict__[SEEN] = {name: set(noted) for name, noted in kept.shown.items()}


def _opened(kept: Idempotent) -> bytes:
    return decrypt(bytes(kept.answer), place=PLACE).encode()


def _repeated(kept: Idempotent, fingerprint: bytes, *, body: bytes) -> HttpResponse:
    if bytes(kept.fingerprint) != fingerprint:
        raise KeyRefused
    assert kept.status is not None
    response = HttpResponse(body, status=kept.status, content_type=kept.content_type)
    if 300 <= kept.status < 400:
        response["Location"] = body.decode()
        response.content = b""
    response["Idempotent-Replay"] = "true"
    return response


def _keep(
    request: HttpRequest,
    kept: Idempotent,
    response: HttpResponseBase,
    *,
    keep: Keep,
    is_sealed: bool,
) -> bool:
    status = response.status_code
    if not isinstance(response, HttpResponse) or (status >= 400 and status not in DETERMINISTIC):
        return False
    body = response["Location"].encode() if 300 <= status < 400 else response.content
    said = {
        "id": kept.pk,
        "status": status,
        "content_type": response.get("Content-Type", "")[:60],
        "answer": encrypt(body.decode(), place=PLACE) if is_sealed else body,
        "shown": json.dumps(kept.shown) if kept.shown else None,
    }
    keep(request, said)
    return True
