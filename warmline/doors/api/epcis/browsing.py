"""Looking around: which things, steps and places there are, and the events of each."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpResponse

from warmline.doors.api.epcis import headers, paging
from warmline.doors.api.epcis.questions import answer
from warmline.doors.api.tokens import ApiRequest
from warmline.goods.trace import browsing
from warmline.goods.trace.epcis.documents import EVENT_TYPES
from warmline.goods.trace.epcis.words import short

TOP = "events eventTypes epcs bizSteps bizLocations readPoints dispositions capture queries".split()
BROWSED = {
    "eventTypes": "eventType",
    "epcs": "MATCH_anyEPC",
    "bizSteps": "EQ_bizStep",
    "bizLocations": "EQ_bizLocation",
    "readPoints": "EQ_readPoint",
    "dispositions": "EQ_disposition",
}


def top(request: ApiRequest) -> HttpResponse:
    return headers.answered(_collection(TOP))


def _collection(members: list[str]) -> dict[str, Any]:
    context = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
    return {"@context": context, "type": "Collection", "member": members}


def values(request: ApiRequest, what: str) -> HttpResponse:
    """Those that any event named."""
    size, last = paging.asked(request)
    if what == "eventTypes":
        return paging.answered(request, _collection(sorted(EVENT_TYPES)), "")
    found, following = browsing.values(what, after=last, size=size)
    shown = [short(uri) for uri in found]
    return paging.answered(request, _collection(shown), str(following) if following else "")


def value(request: ApiRequest, what: str, value: str) -> HttpResponse:
    """What there is below one of them."""
    if what == "eventTypes" and value not in EVENT_TYPES:
        raise Http404
    if what != "eventTypes" and not browsing.is_known(what, value):
        raise Http404
    return headers.answered(_collection(["events"]))


def events(request: ApiRequest, what: str, value: str) -> HttpResponse:
    """The events of one thing, step, place, type or disposition."""
    return answer(request, {BROWSED[what]: [value]})


@cache
def _description() -> bytes:
    text = Path(__file__).with_name("openapi.json").read_text(encoding="utf-8")
    return json.dumps(json.loads(text)).encode()


def described(request: ApiRequest) -> HttpResponse:
    """What this door promises, as OpenAPI; for everybody."""
    return HttpResponse(_description(), content_type="application/json")
