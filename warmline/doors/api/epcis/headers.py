"""The standard's headers: versions, spellings, what to do about errors, and our limits."""

import json
import re
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from warmline.doors.api.epcis.problems import EpcisProblem
from warmline.doors.api.tokens import ApiRequest
from warmline.goods.trace.epcis.documents import BYTES_MAX, EVENTS_MAX
from warmline.goods.trace.telling import FORMATS

VERSION = "2.0.0"
NUMBER = re.compile(r"\d{1,3}(\.\d{1,3}){0,3}")
LIMITS = {
    "GS1-EPCIS-Capture-Limit": str(EVENTS_MAX),
    "GS1-EPCIS-Capture-File-Size-Limit": str(BYTES_MAX),
}
OURS = {"GS1-EPCIS-Version": VERSION, "GS1-CBV-Version": VERSION}
JSON, LD = "application/json", "application/ld+json"


def check(request: ApiRequest) -> None:
    """Whether we speak what the caller speaks."""
    for name in ("EPCIS", "CBV"):
        for which in ("Version", "Min", "Max"):
            said = request.headers.get(f"GS1-{name}-{which}")
            if said is None:
                continue
            if not NUMBER.fullmatch(said):
                raise EpcisProblem(400, "ValidationException", f"GS1-{name}-{which}: {said[:40]}")
            if not _fits(which, _version(said)):
                raise EpcisProblem(406, detail=_("We speak version 2.0 of the standard."))
    wanted = request.headers.get("Accept", "*/*")
    kinds = {part.split(";")[0].strip() for part in wanted.split(",")}
    if not kinds & {JSON, LD, "*/*", "application/*", "application/problem+json"}:
        raise EpcisProblem(406, detail=_("We answer in JSON."))
    epc_format(request)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def _fits(which: str, version: tuple[int, ...]) -> bool:
    ours = (2, 0, 0)
    if which == "Version":
        return version[:2] == ours[:2] or version == (2,)
    return version <= ours if which == "Min" else (*version, 99) >= ours


def epc_format(request: ApiRequest) -> str:
    said: str = request.headers.get("GS1-EPC-Format", FORMATS[1])
    if said not in FORMATS:
        raise EpcisProblem(
            406, detail=_("GS1-EPC-Format is one of: %(all)s") % {"all": ", ".join(FORMATS)}
        )
    return said


def proceeds(request: ApiRequest) -> bool:
    said = request.headers.get("GS1-Capture-Error-Behaviour", "rollback")
    if said not in ("rollback", "proceed"):
        raise EpcisProblem(400, detail="GS1-Capture-Error-Behaviour: rollback, proceed")
    return bool(said == "proceed")


def namespaces(request: ApiRequest) -> dict[str, str]:
    """`GS1-Extensions: example=https://ns.example.com/epcis/, …`"""
    said = request.headers.get("GS1-Extensions", "")
    pairs = (part.strip().partition("=") for part in said.split(","))
    return {name: address for name, eq, address in pairs if eq and name and len(address) < 300}


def body_check(request: ApiRequest) -> bytes:
    """The body, if it is JSON and no larger than we take."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise EpcisProblem(400, detail="Content-Length") from None
    if length > BYTES_MAX:
        raise EpcisProblem(413, detail=_("The document is too large."), headers=LIMITS)
    if not length:
        raise EpcisProblem(400, detail=_("There is nothing in it."))
    kind = request.META.get("CONTENT_TYPE", "").split(";")[0].strip().lower()
    if kind not in (JSON, LD):
        raise EpcisProblem(415, detail=_("Send application/json or application/ld+json."))
    # The stream is read here, up to our limit and not up to that of forms.
    body: bytes = request.read(BYTES_MAX + 1)
    if len(body) > BYTES_MAX:
        raise EpcisProblem(413, detail=_("The document is too large."), headers=LIMITS)
    request._body = body
    return body


def answered(said: Any, *, status: int = 200, **headers: str) -> HttpResponse:
    body = b"" if said is None else json.dumps(said, ensure_ascii=False).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(body, status=status, content_type=JSON, headers=named)


def allowed(*methods: str) -> HttpResponse:
    """The answer to OPTIONS."""
    response = HttpResponse(status=204, headers=LIMITS | OURS)
    response["Allow"] = ", ".join(["OPTIONS", *methods])
    for name in ("EPCIS", "CBV"):
        response[f"GS1-{name}-Min"] = response[f"GS1-{name}-Max"] = VERSION
    response["GS1-EPC-Format"] = ", ".join(FORMATS)
    response["GS1-Vendor-Version"] = "warmline"
    return response
