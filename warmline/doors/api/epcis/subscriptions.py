"""Webhooks of partners: who wants to be told of which events."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from warmline.doors.api.epcis import headers, paging
from warmline.doors.api.epcis.problems import EpcisProblem
from warmline.doors.api.epcis.questions import named
from warmline.doors.api.tokens import ApiRequest
from warmline.goods.trace import subscribing
from warmline.goods.trace.epcis import documents
from warmline.goods.trace.models import Subscription


def subscribe(request: ApiRequest, name: str) -> HttpResponse:
    """Be told of the answers to a kept question."""
    query, said = named(name), documents.loads(request.body)
    if not isinstance(said, dict):
        raise EpcisProblem(400, detail=_("A document is a JSON object."))
    one = subscribing.subscribe(query, said, epc_format=request.headers.get("GS1-EPC-Format", ""))
    where = f"{request.path_info.rstrip('/')}/{one.pk}"
    return headers.answered(_told(one), status=201, Location=where)


def listed(request: ApiRequest, name: str) -> HttpResponse:
    size, begun = paging.asked(request)
    begun = begun or 0
    rows = named(name).subscriptions.order_by("created_at", "pk")
    found = list(rows[begun : begun + size + 1])
    following = str(begun + size) if len(found) > size else ""
    return paging.answered(request, [_told(one) for one in found[:size]], following)


def read(request: ApiRequest, name: str, number: str) -> HttpResponse:
    return headers.answered(_told(_one(name, number)))


def drop(request: ApiRequest, name: str, number: str) -> HttpResponse:
    """Be told no more."""
    subscribing.end(_one(name, number))
    return HttpResponse(status=204)


def _one(name: str, number: str) -> Subscription:
    try:
        pk = uuid.UUID(number)
    except ValueError:
        raise Http404 from None
    found = named(name).subscriptions.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _told(one: Subscription) -> dict[str, Any]:
    """Without the signature's token: whoever subscribed has it."""
    said: dict[str, Any] = {
        "subscriptionID": str(one.pk),
        "dest": one.dest,
        "createdAt": one.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "reportIfEmpty": one.report_if_empty,
    }
    return said | ({"stream": True} if one.is_stream else {"schedule": one.schedule})
