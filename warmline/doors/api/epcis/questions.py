"""Questions about events: asked in the address, or kept under a name and asked again."""

import re
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from warmline.doors.api.epcis import headers, paging
from warmline.doors.api.epcis.problems import EpcisProblem
from warmline.doors.api.tokens import ApiRequest
from warmline.goods.trace import keeping, telling
from warmline.goods.trace.asking import ask
from warmline.goods.trace.epcis import documents
from warmline.goods.trace.identity.keys import hash_of
from warmline.goods.trace.models import ErrorDeclaration, EventKey, NamedQuery
from warmline.goods.trace.parameters import BadParameter
from warmline.goods.trace.parameters import read as understood

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.~-]{0,99}")


def events(request: ApiRequest, **fixed: Any) -> HttpResponse:
    """Events that answer the parameters of the address."""
    return answer(request, fixed)


def answer(
    request: ApiRequest, fixed: dict[str, Any], *, name: str = "SimpleEventQuery"
) -> HttpResponse:
    """One page of what is asked for: what the address fixes and what its parameters say."""
    said: dict[str, Any] = dict(fixed)
    for key in request.GET:
        values = request.GET.getlist(key)
        if len(values) > 1:
            raise BadParameter(_("%(name)s is given twice.") % {"name": key[:80]})
        if key in fixed:
            raise BadParameter(_("%(name)s stands in the address already.") % {"name": key})
        said[key] = values[0]
    question = understood(said)
    question.namespaces |= headers.namespaces(request)
    page = ask(question, token=str(request.GET.get("nextPageToken", "")))
    shown = telling.document(page.ids, epc_format=headers.epc_format(request), name=name)
    return paging.answered(request, shown, page.next)


def event(request: ApiRequest, value: str) -> HttpResponse:
    """An event by its name, with whatever was later said to be wrong about it."""
    key = hash_of(value)
    ids = list(EventKey.objects.filter(hash=key).values_list("event_id", flat=True))
    ids += ErrorDeclaration.objects.filter(hash=key).values_list("event_id", flat=True)
    if not ids:
        raise Http404
    shown = telling.document(sorted(set(ids)), epc_format=headers.epc_format(request))
    return headers.answered(shown)


def kept(request: ApiRequest) -> HttpResponse:
    """The questions that are kept."""
    size, last = paging.asked(request)
    found = list(NamedQuery.objects.filter(pk__gt=last or 0).order_by("pk")[: size + 1])
    following = str(found[size - 1].pk) if len(found) > size else ""
    return paging.answered(request, [_told(one) for one in found[:size]], following)


def keep(request: ApiRequest) -> HttpResponse:
    """Keep a question under a name."""
    said = documents.loads(request.body)
    if not isinstance(said, dict) or set(said) - {"name", "query", "@context"}:
        raise EpcisProblem(400, detail=_("A query has a name and a query."))
    name, query = said.get("name"), said.get("query")
    if not isinstance(name, str) or not NAME.fullmatch(name) or not isinstance(query, dict):
        raise EpcisProblem(400, detail=_("A query has a name and a query."))
    understood(query)
    try:
        with transaction.atomic():
            one = keeping.keep(name, query, token=request.token.pk)
    except IntegrityError:
        raise EpcisProblem(409, detail=_("This name is taken.")) from None
    where = f"{request.path_info.rstrip('/')}/{paging.quoted(name)}"
    return headers.answered(_told(one), status=201, Location=where)


def named(name: str) -> NamedQuery:
    found = NamedQuery.objects.filter(name=name).first()
    if found is None:
        raise Http404
    return found


def read(request: ApiRequest, name: str) -> HttpResponse:
    return headers.answered(_told(named(name)))


def drop(request: ApiRequest, name: str) -> HttpResponse:
    """Forget a question; whoever was to be told is told no more."""
    keeping.drop(named(name))
    return HttpResponse(status=204)


def run(request: ApiRequest, name: str) -> HttpResponse:
    """Ask a kept question now; paging and order may be said anew."""
    if request.headers.get("Upgrade", "").lower() == "websocket":
        raise EpcisProblem(501, detail=_("Subscribe with a webhook; sockets are not served."))
    query = {k: v for k, v in named(name).query.items() if k not in request.GET}
    return answer(request, query, name=name)


def forget_token(request: ApiRequest, value: str) -> HttpResponse:
    """Our tokens hold their place themselves: there is nothing to forget."""
    return HttpResponse(status=204)


def _told(one: NamedQuery) -> dict[str, Any]:
    return {"name": one.name, "query": one.query}
