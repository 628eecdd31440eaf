"""Problems: every answer that is not a success, as problem+json (RFC 9457), saying what to do."""

import json
import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import ninja.errors
import pydantic
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as FormError
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from warmline.base.idempotency import RETRY_AFTER_S, KeyBusy, KeyRefused
from warmline.base.stateful import WrongMove
from warmline.core.contacts.conversations import KeyTaken

log = logging.getLogger("warmline.api")
MEDIA_TYPE = "application/problem+json"
DISK_FULL, LOCKED = "53100", "55P03"

DETAILS: Mapping[int, Any] = {
    400: gettext_lazy("The request cannot be read."),
    401: gettext_lazy("Send a token that is valid: Authorization: Bearer …"),
    403: gettext_lazy("This token's role may not do this."),
    404: gettext_lazy("There is nothing here, or nothing that this token may see."),
    405: gettext_lazy("This address does not know this method."),
    409: gettext_lazy("It is not in a state from which this can be done."),
    413: gettext_lazy("The body is too large: 1 MB at most, 5 MB for a batch of sales."),
    415: gettext_lazy("Send JSON: Content-Type: application/json"),
    422: gettext_lazy("Some of what was sent cannot be; see errors."),
    429: gettext_lazy("Too many requests: wait as long as Retry-After says."),
    500: gettext_lazy(
        "Something went wrong that nobody foresaw; it was noted with this request's id."
    ),
    503: gettext_lazy("The database does not answer just now: try again."),
    507: gettext_lazy("The disk is full: nothing can be written until there is room."),
}

# What is wrong with a field, by pydantic's names for it.
FAULTS: Mapping[str, Any] = {
    "missing": gettext_lazy("This is needed."),
    "extra_forbidden": gettext_lazy("There is no such field."),
    "json_invalid": gettext_lazy("This is not JSON."),
    "string_pattern_mismatch": gettext_lazy("This is not written as it should be: {pattern}"),
    "string_too_long": gettext_lazy("At most {max_length} characters."),
    "string_too_short": gettext_lazy("At least {min_length} characters."),
    "too_long": gettext_lazy("At most {max_length} of them."),
    "too_short": gettext_lazy("At least {min_length} of them."),
    "greater_than_equal": gettext_lazy("At least {ge}."),
    "less_than_equal": gettext_lazy("At most {le}."),
    "enum": gettext_lazy("One of: {expected}"),
    "literal_error": gettext_lazy("One of: {expected}"),
}
OTHERWISE = gettext_lazy("This cannot be read as what it should be.")


class Problem(Exception):
    """A request that cannot be answered as asked: raise it anywhere in the door."""

    def __init__(
        self,
        status: int,
        code: str = "",
        detail: str = "",
        *,
        errors: Iterable[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.errors, self.headers = status, list(errors), headers or {}
        self.code = code or HTTPStatus(status).name.lower()
        self.detail = detail or str(DETAILS.get(status, HTTPStatus(status).description))


def answer(problem: Problem) -> HttpResponse:
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
    }
    if problem.errors:
        said["errors"] = problem.errors
    body = json.dumps(said, ensure_ascii=False).encode()
    headers = {"Cache-Control": "no-store", **problem.headers}
    return HttpResponse(body, status=problem.status, content_type=MEDIA_TYPE, headers=headers)


def of(error: BaseException, *, request_id: str = "") -> Problem:
    """The problem behind an exception; what nobody foresaw is logged with the request's id."""
    match error:
        case Problem():
            return error
        case KeyRefused():
            wait = {"Retry-After": str(RETRY_AFTER_S)} if isinstance(error, KeyBusy) else {}
            return Problem(error.status, error.code, str(error.sentence), headers=wait)
        case KeyTaken():
            return Problem(409, "key_taken", _("This key logged a contact with another family."))
        case WrongMove():
            return Problem(409, "wrong_move")
        case Http404():
            return Problem(404)
        case PermissionDenied():
            return Problem(403)
        case ninja.errors.ValidationError():
            return Problem(422, "invalid", errors=faults(error.errors))
        case pydantic.ValidationError():
            return Problem(422, "invalid", errors=faults(error.errors(include_url=False)))
        case FormError():
            return Problem(422, "invalid", errors=_form_faults(error))
        case ninja.errors.AuthenticationError():
            return Problem(401, headers={"WWW-Authenticate": "Bearer"})
        case ninja.errors.HttpError():
            return Problem(error.status_code)
        case RequestDataTooBig():
            return Problem(413, "too_large")
        case UnreadablePostError() | UnicodeDecodeError():
            return Problem(400)
        case DataError() | IntegrityError():
            log.warning("request %s: the database refused a value: %s", request_id, type(error))
            return Problem(422, "refused_by_database")
        case OperationalError():
            return _database(error, request_id)
    log.error("request %s failed", request_id, exc_info=error)
    return Problem(500)


def faults(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Each wrong field with its place, a code for programs and a sentence for people."""
    return [
        {
            "field": ".".join(str(step) for step in error.get("loc", ())),
            "code": str(error["type"]),
            "message": _sentence(error),
        }
        for error in errors
    ]


def _sentence(error: Mapping[str, Any]) -> str:
    sentence = str(FAULTS.get(error["type"], OTHERWISE))
    try:
        return sentence.format(**error.get("ctx", {}))
    except (KeyError, IndexError):
        return sentence


def _form_faults(error: FormError) -> list[dict[str, str]]:
    named = error.error_dict.items() if hasattr(error, "error_dict") else [("", error.error_list)]
    return [
        {"field": field, "code": wrong.code or "invalid", "message": str(message)}
        for field, all_wrong in named
        for wrong in all_wrong
        for message in wrong.messages
    ]


def _database(error: OperationalError, request_id: str) -> Problem:
    state = getattr(error.__cause__, "sqlstate", "") or ""
    log.warning("request %s: the database said %s", request_id, state or type(error.__cause__))
    if state == DISK_FULL:
        return Problem(507, "disk_full")
    return Problem(503, "unavailable", headers={"Retry-After": "1" if state == LOCKED else "5"})
