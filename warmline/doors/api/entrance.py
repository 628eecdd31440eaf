"""The API's own way in: tokens instead of sessions, problem+json instead of pages.

It stands before all other middleware and answers `/api/` by itself: sessions, CSRF, locale and
sign-in cost more than posting a sale does, and none of them has anything to say to a machine. The
posts of `HOT` pass by URL resolution and ninja as well (measured in `bench/sales.py` and `desk.py`).
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.urls import resolve
from django.utils import translation

from warmline.base import disk
from warmline.base.idempotency import DETERMINISTIC, HEADER, once
from warmline.base.web import CSP, caller
from warmline.core.people import reading
from warmline.doors.api import cases, parameters, problems, tokens
from warmline.doors.api.epcis import gate
from warmline.doors.api.problems import Problem
from warmline.doors.api.sales import receive_batch, receive_one
from warmline.doors.api.tokens import ApiRequest

DOOR = "/api/"
OPEN = frozenset({"api:openapi-json", "api:docs"})
SINGLE_MAX, BATCH_MAX = 2**20, 5 * 2**20
BATCHES = ("/api/v1/sales/batch", "/api/v1/products")
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
HOT: dict[tuple[str, str], Callable[[ApiRequest], HttpResponse]] = {
    ("POST", "/api/v1/sales"): receive_one,
    ("POST", "/api/v1/sales/batch"): receive_batch,
    ("POST", "/api/v1/cases"): cases.receive_one,
}


class Entrance:
    """Middleware, first in the list."""

    def __init__(self, get_response: Callable[[Any], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        if not request.path_info.startswith(DOOR):
            return self.get_response(request)
        request.id = uuid.uuid4().hex
        request.ip = caller(request)
        if request.META.get("HTTP_ACCEPT_LANGUAGE", "").startswith("en"):
            translation.activate("en")
        else:
            translation.deactivate()
        try:
            response = self._answer(request)
        except Exception as error:
            response = problems.answer(problems.of(error, request_id=request.id))
        if response.status_code >= 400 and not _is_problem(response):
            response = _as_problem(response)
        response["X-Request-Id"] = request.id
        if isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response

    def _answer(self, request: ApiRequest) -> HttpResponseBase:
        if request.path_info.startswith(gate.DOOR):
            return gate.answered(request)
        writes = request.method in WRITES
        if writes:
            _check_body(request)
        if hot := HOT.get((request.method or "", request.path_info)):
            parameters.check(request, request.path_info.lstrip("/"))
            return hot(request)
        match = resolve(request.path_info)
        request.resolver_match = match
        is_open = match.view_name in OPEN or match.view_name.startswith("api:hook")
        if not is_open:
            request.token = tokens.bearer(request)
            parameters.check(request, match.route)

        def work() -> HttpResponseBase:
            response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
            return response

        if not writes:
            response = work()
            if response.status_code < 300 and "_saw" in request.__dict__:
                with transaction.atomic():
                    reading.write(request)
            return response
        # The change, its answer kept under its key, and who read what: together or not at all.
        with transaction.atomic():
            who = f"token:{request.token.pk}" if not is_open else "hook"
            response = once(request, work, scope=f"{who} {request.method} {match.route}")
            is_kept = HEADER in request.headers and response.status_code in DETERMINISTIC
            if response.status_code < 300:
                reading.write(request)
            elif not is_kept:
                transaction.set_rollback(True)
        return response


def _check_body(request: ApiRequest) -> None:
    most = BATCH_MAX if request.path_info in BATCHES else SINGLE_MAX
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise Problem(400) from None
    if length > most:
        raise Problem(413, "too_large")
    kind = request.META.get("CONTENT_TYPE", "")
    if length and not kind.startswith("application/json") and "/hooks/" not in request.path_info:
        raise Problem(415)
    if disk.glance.is_none(settings.ENV.data):
        raise Problem(507, "disk_full")


def _is_problem(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith(problems.MEDIA_TYPE)


def _as_problem(response: HttpResponseBase) -> HttpResponse:
    """What the framework said in its own way (405 and the like), said as everything else is."""
    kept = {name: response.headers[name] for name in ("Allow",) if name in response.headers}
    return problems.answer(Problem(response.status_code, headers=kept))
