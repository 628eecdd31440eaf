"""Who comes in: another system with a token. Its role says what it may do, its store for whom."""

import time
from collections import OrderedDict
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from warmline.base.clock import today
from warmline.base.composed import composed
from warmline.base.web import line_of
from warmline.core.people.models import Staff, Token
from warmline.doors.api.problems import Problem

KNOWN_FOR_S = 30
KNOWN_MAX = 1_000
EVERY_STORE = frozenset(role for role in Staff.Role.values if Staff(role=role).sees_every_store)
GUESSES_A_MINUTE = 30


class ApiRequest(HttpRequest):
    """A request that has shown its token."""

    id: str
    ip: str
    token: Token


class Counter:
    """So many a window for each name; counted in this process alone, enough to slow down."""

    def __init__(self, window_s: float) -> None:
        self.window_s, self.begun, self.seen = window_s, 0.0, dict[str, int]()

    def count(self, name: str) -> int:
        now = time.monotonic()
        if now - self.begun > self.window_s:
            self.begun, self.seen = now, {}
        self.seen[name] = self.seen.get(name, 0) + 1
        return self.seen[name]

    def of(self, name: str) -> int:
        return self.seen.get(name, 0) if time.monotonic() - self.begun <= self.window_s else 0


guesses = Counter(60)
requests = Counter(1)
_known: OrderedDict[str, tuple[float, Token]] = OrderedDict()


def bearer(request: HttpRequest) -> Token:
    """The token of this request, looked up now. At most one query, a second one a day."""
    secret = _secret(request)
    found = _holding(Token.hash(secret))
    if not found:
        guesses.count(_ip(request))
        raise unknown()
    token = found[0]
    if token.last_used_on != today():
        token.use()
    _known[secret] = (time.monotonic(), token)
    _known.move_to_end(secret)
    if len(_known) > KNOWN_MAX:
        _known.popitem(last=False)
    return _within_limits(token)


@composed
def _holding(digest: bytes) -> QuerySet[Token]:
    return Token.objects.filter(digest=digest, revoked_at__isnull=True)


def remembered(request: HttpRequest) -> Token:
    """The same without a query, if we have seen it lately: only for work whose own statement
    makes sure that the token still holds."""
    known = _known.get(_secret(request))
    if known is None or time.monotonic() - known[0] > KNOWN_FOR_S:
        return bearer(request)
    return _within_limits(known[1])


def forget(request: HttpRequest) -> None:
    """It was revoked since."""
    _known.pop(_secret(request), None)


def unknown() -> Problem:
    return Problem(401, headers={"WWW-Authenticate": "Bearer"})


def sees_every_store(token: Token) -> bool:
    return token.store_id is None and token.role in EVERY_STORE


def visitor(token: Token) -> Staff:
    """The token as the verbs know people: of a role and a store, with no name and no password."""
    return Staff(name=token.name, role=token.role, store_id=token.store_id, is_active=True)


def _secret(request: HttpRequest) -> str:
    scheme, _space, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.isascii() or not 0 < len(secret) <= 200:
        raise unknown()
    if guesses.of(_ip(request)) >= GUESSES_A_MINUTE:
        raise Problem(429, headers={"Retry-After": "60"})
    return secret


def _within_limits(token: Token) -> Token:
    if requests.count(str(token.pk)) > settings.ENV.api_per_second:
        raise Problem(429, headers={"Retry-After": "1"})
    return token


def _ip(request: Any) -> str:
    return line_of(str(getattr(request, "ip", "")))
