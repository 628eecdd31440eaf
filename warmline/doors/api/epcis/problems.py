"""What the standard answers when something cannot be done: `epcisException:…` as problem+json."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from warmline.doors.api.problems import MEDIA_TYPE, Problem

TYPES: Mapping[int, str] = {
    400: "ValidationException",
    401: "SecurityException",
    403: "SecurityException",
    404: "NoSuchNameException",
    405: "ImplementationException",
    406: "NotAcceptableException",
    409: "ResourceAlreadyExistsException",
    413: "CaptureLimitExceededException",
    414: "URITooLongException",
    415: "UnsupportedMediaTypeException",
    422: "ValidationException",
    501: "ImplementationException",
}


class EpcisProblem(Exception):
    """A request that the standard says how to refuse."""

    def __init__(
        self,
        status: int,
        kind: str = "",
        detail: str = "",
        *,
        errors: list[dict[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.kind = status, kind or TYPES.get(status, "ImplementationException")
        self.detail, self.errors, self.headers = detail, errors or [], dict(headers or {})


def of(problem: Problem) -> EpcisProblem:
    """The API's own problem, said as the standard wants it."""
    kind = TYPES.get(problem.status, "ImplementationException")
    return EpcisProblem(problem.status, kind, problem.detail, headers=problem.headers)


def answer(problem: EpcisProblem) -> HttpResponse:
    said: dict[str, Any] = {
        "type": f"epcisException:{problem.kind}",
        "title": problem.kind,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        said["errors"] = problem.errors
    body = json.dumps(said, ensure_ascii=False).encode()
    return HttpResponse(
        body, status=problem.status, content_type=MEDIA_TYPE, headers=problem.headers
    )
