"""The gate of `/epcis`: who comes, in which version, which resource; and every refusal by the book.

Addresses hold whole identifiers (`/epcs/https%3A%2F%2Fid.gs1.org%2F…/events`), so they are matched
here and not among Django's.
"""

import logging
import re
from collections.abc import Callable
from typing import Any

from django.db import DataError, OperationalError, transaction
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from warmline.base.idempotency import DETERMINISTIC, HEADER, KeyRefused, once
from warmline.core.people.models import Staff
from warmline.doors.api import problems as plain
from warmline.doors.api import tokens
from warmline.doors.api.epcis import (
    browsing,
    capturing,
    headers,
    paging,
    questions,
    subscriptions,
)
from warmline.doors.api.epcis.problems import EpcisProblem, answer, of
from warmline.doors.api.problems import Problem
from warmline.doors.api.tokens import ApiRequest
from warmline.goods.trace.asking import TooLarge
from warmline.goods.trace.epcis.documents import Invalid, TooMany
from warmline.goods.trace.parameters import BadParameter, NotServed
from warmline.goods.trace.subscribing import BadSubscription
from warmline.goods.trace.timetable import BadTimetable

DOOR = "/api/v1/epcis"
URL_MAX = 12_000
R = Staff.Role
READERS, WRITERS = frozenset({R.HQ, R.LOGISTICS, R.AUDITOR}), frozenset({R.HQ, R.LOGISTICS})
View = Callable[..., HttpResponse]
log = logging.getLogger("warmline.api")

VALUE = r"(?P<value>.+)"
NAME = r"(?P<name>[^/]{1,100})"
PATHS: list[tuple[str, dict[str, View]]] = [
    (r"/?", {"GET": browsing.top}),
    (r"/openapi\.json", {"GET": browsing.described}),
    (r"/capture", {"POST": capturing.take_in, "GET": capturing.jobs}),
    (r"/capture/(?P<number>[^/]{1,30})", {"GET": capturing.job}),
    (r"/events", {"GET": questions.events, "POST": capturing.one}),
    (r"/events/" + VALUE, {"GET": questions.event}),
    (r"/queries", {"GET": questions.kept, "POST": questions.keep}),
    (rf"/queries/{NAME}", {"GET": questions.read, "DELETE": questions.drop}),
    (rf"/queries/{NAME}/events", {"GET": questions.run}),
    (
        rf"/queries/{NAME}/subscriptions",
        {"GET": subscriptions.listed, "POST": subscriptions.subscribe},
    ),
    (
        rf"/queries/{NAME}/subscriptions/(?P<number>[^/]{{1,40}})",
        {"GET": subscriptions.read, "DELETE": subscriptions.drop},
    ),
    (r"/nextPageToken/" + VALUE, {"DELETE": questions.forget_token}),
    (r"/(?P<what>\w+)", {"GET": browsing.values}),
    (rf"/(?P<what>\w+)/{VALUE}/events", {"GET": browsing.events}),
    (rf"/(?P<what>\w+)/{VALUE}", {"GET": browsing.value}),
]
ASKED = frozenset(  # they read their parameters themselves, and refuse what they do not know
    {capturing.jobs, questions.events, questions.kept, questions.run, subscriptions.listed}
    | {browsing.values, browsing.events}
)
RESOURCES = [(re.compile(path), views) for path, views in PATHS]


def answered(request: ApiRequest) -> HttpResponse:
    """The answer, whatever happens."""
    try:
        response = _answer(request)
    except Exception as error:
        response = answer(_problem(error, request))
    for name, value in headers.OURS.items():
        response.headers.setdefault(name, value)
    return response


def _answer(request: ApiRequest) -> HttpResponse:
    path = request.path_info.removeprefix(DOOR)
    if len(request.META.get("QUERY_STRING", "")) + len(path) > URL_MAX:
        raise EpcisProblem(414, detail=_("The address is too long."))
    if "\0" in path:
        raise EpcisProblem(400, detail=_("The address holds a NUL character."))
    views, named = _resource(path)
    if request.method == "OPTIONS":
        return headers.allowed(*views)
    if request.method not in views:
        allow = ", ".join(["OPTIONS", *views])
        detail = plain.Problem(405).detail
        raise EpcisProblem(405, "ImplementationException", detail, headers={"Allow": allow})
    if views[request.method] is browsing.described:
        return browsing.described(request)
    request.token = tokens.bearer(request)
    writes = request.method != "GET"
    if request.token.role not in (WRITERS if writes else READERS) or request.token.store_id:
        raise EpcisProblem(403, detail=plain.Problem(403).detail)
    headers.check(request)
    view = views[request.method]
    if view not in ASKED:
        paging.only(request, frozenset())
    if not writes:
        return view(request, **named)
    if request.method == "POST":
        headers.body_check(request)
    if view is capturing.take_in and HEADER not in request.headers:
        return view(request, **named)  # one transaction by itself
    with transaction.atomic():
        scope = f"token:{request.token.pk} epcis {request.method} {path}"
        response = once(request, lambda: view(request, **named), scope=scope)
        is_kept = HEADER in request.headers and response.status_code in DETERMINISTIC
        if response.status_code >= 300 and not is_kept:
            transaction.set_rollback(True)
    assert isinstance(response, HttpResponse)
    return response


def _resource(path: str) -> tuple[dict[str, View], dict[str, Any]]:
    for pattern, views in RESOURCES:
        if found := pattern.fullmatch(path):
            named = found.groupdict()
            if "what" in named and named["what"] not in browsing.BROWSED:
                break
            return views, named
    raise EpcisProblem(404, "NoSuchResourceException", plain.Problem(404).detail)


def _problem(error: Exception, request: ApiRequest) -> EpcisProblem:
    match error:
        case EpcisProblem():
            return error
        case Problem():
            return of(error)
        case Invalid():
            told = [
                {"detail": w.detail}
                | ({} if w.index is None else {"instance": f"eventList/{w.index}"})
                for w in error.errors[:50]
            ]
            return EpcisProblem(400, "ValidationException", str(error)[:2_000], errors=told)
        case TooMany():
            detail = _("The document holds too many events.")
            return EpcisProblem(413, detail=detail, headers=headers.LIMITS)
        case BadParameter():
            return EpcisProblem(400, "QueryParameterException", str(error))
        case NotServed():
            return EpcisProblem(501, "ImplementationException", str(error))
        case TooLarge():
            return EpcisProblem(
                413, "QueryTooLargeException", _("There are more events than maxEventCount.")
            )
        case BadSubscription() | BadTimetable():
            return EpcisProblem(400, "SubscriptionControlsException", str(error))
        case Http404():
            return EpcisProblem(404, detail=plain.Problem(404).detail)
        case KeyRefused():
            return EpcisProblem(error.status, "ValidationException", str(error.sentence))
        case RecursionError():
            return EpcisProblem(400, "ValidationException", _("It is nested too deeply."))
        case DataError() | UnicodeEncodeError():
            return EpcisProblem(400, "ValidationException", plain.Problem(400).detail)
        case OperationalError() if getattr(error.__cause__, "sqlstate", "") == "57014":
            return EpcisProblem(413, "QueryTooComplexException", _("This question takes too long."))
    return of(plain.of(error, request_id=request.id))
