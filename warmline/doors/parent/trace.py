"""A tin's own page: where the milk came from, how it was made, where the tin has been, and whether it
may be trusted. Nobody signs in; the page names nobody, and guessing codes is slowed down (G15).
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_header_parameters
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from warmline.base.composed import composed
from warmline.base.strange_files import shown
from warmline.core.people.models import Household, Store
from warmline.doors.parent.access import place_of
from warmline.doors.parent.phones import remember
from warmline.doors.parent.registering import offer, register
from warmline.doors.parent.tracing import WRONG_CODES_FROM_ONE_PLACE, freshness_of, journey_of
from warmline.goods.trace import linkset, looking, lots, redeeming
from warmline.goods.trace.identity.keys import BadKey, gtin14
from warmline.goods.trace.models import Certificate, Recall, UnitOwner
from warmline.goods.trace.verdicts import Word
from warmline.service.desk.limiting import is_shut, knock

EPCIS = "/api/v1/epcis"
LINKSET = "application/linkset+json"
CODE_MAX, SERIAL_MAX = 64, 20


@csrf_exempt  # no session stands behind it: the code under the lid is the proof
@require_http_methods(["GET", "HEAD", "OPTIONS", "POST"])
def unit(request: HttpRequest, gtin: str, serial: str, lot: str = "") -> HttpResponse:
    """`/01/{gtin}/21/{serial}`"""
    if request.method == "OPTIONS":
        return _open(HttpResponse(status=204, headers={"Allow": "GET, HEAD, OPTIONS"}))
    if is_shut(WRONG_CODES_FROM_ONE_PLACE, place_of(request)):
        return _too_often(request)
    try:
        gtin = gtin14(gtin)
    except BadKey:
        return _bad(request)
    if len(serial) > SERIAL_MAX:
        return _bad(request)
    if resolved := _resolved(request, gtin, serial):
        return resolved
    return _speaking(request, lambda: _page(request, gtin, serial))


@require_safe
def short(request: HttpRequest, code: str) -> HttpResponse:
    """`/t/{code}`: what fits a small label."""
    if is_shut(WRONG_CODES_FROM_ONE_PLACE, place_of(request)):
        return _too_often(request)
    found = looking.shown_code(code) if len(code) <= CODE_MAX else None
    if found is None:
        knock(WRONG_CODES_FROM_ONE_PLACE, place_of(request))
        return _speaking(request, lambda: _unknown(request))
    return HttpResponseRedirect(reverse("parent:unit", args=found))


@require_safe
def described(request: HttpRequest) -> HttpResponse:
    """`/.well-known/gs1resolver`"""
    said = linkset.description(request.build_absolute_uri("/").rstrip("/"))
    return _open(HttpResponse(json.dumps(said), content_type="application/json"))


@require_safe
def paper(request: HttpRequest, pk: int, gtin: str, number: str) -> HttpResponse:
    """The file of a lot's certificate, as it was put in."""
    papers = Certificate.objects.select_related("paper")
    found = get_object_or_404(
        papers, pk=pk, lot__gtin=gtin, lot__number=number, paper__isnull=False
    )
    name = lots.file_name(found, found.paper.mime)
    return shown(bytes(found.paper.content), mime=found.paper.mime, name=name)


def _speaking(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """In the language of the link, else of the phone."""
    wanted = request.GET.get("lang", "")
    with translation.override(
        wanted if wanted in ("zh-hans", "en") else translation.get_language()
    ):
        response = answer()
    patch_vary_headers(response, ["Accept", "Accept-Language"])
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response


def _resolved(request: HttpRequest, gtin: str, serial: str) -> HttpResponse | None:
    """What a resolver answers instead of the page: the set of links, or one of them."""
    path = reverse("parent:unit", args=[gtin, serial])
    page, epcis = request.build_absolute_uri(path), request.build_absolute_uri(EPCIS)
    wanted = request.GET.get("linkType", "")
    accepted = {parse_header_parameters(p)[0] for p in request.headers.get("Accept", "").split(",")}
    if wanted in ("all", "linkset") or LINKSET in accepted:
        anchor = f"https://id.gs1.org/01/{gtin}/21/{serial}"
        body = json.dumps(linkset.linkset(anchor, page, epcis))
        return _open(HttpResponse(body, content_type=LINKSET))
    if not wanted:
        return None
    name = wanted if ":" in wanted else f"gs1:{wanted}"
    to = linkset.targets(page, epcis).get(name.replace(linkset.VOC, "gs1:"))
    if to is None:
        return _open(HttpResponse(status=404))
    rest = {k: v for k, v in request.GET.items() if k != "linkType"}
    address, hash_, part = to.partition("#")
    address += ("?" + urlencode(rest) if rest else "") + hash_ + part
    return _open(HttpResponse(status=307, headers={"Location": address}), page)


def _open(response: HttpResponse, page: str = "") -> HttpResponse:
    """Any site's script may ask a resolver."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "Link, Content-Length"
    if page:
        response["Link"] = f'<{page}?linkType=linkset>; rel="linkset"; type="{LINKSET}"'
    return response


def _page(request: HttpRequest, gtin: str, serial: str) -> HttpResponse:
    family, wrong = None, ""
    if request.method == "POST":
        family, wrong = _register(request, gtin, serial)
    device = looking.device_of(place_of(request), request.headers.get("User-Agent", "")[:200])
    look = looking.look(gtin, serial, device=device)
    if not look.is_known or look.unit_id is None:
        knock(WRONG_CODES_FROM_ONE_PLACE, place_of(request))
        return _unknown(request)
    context = _told(request, look) | {"registered": family is not None, "wrong": wrong}
    status = 422 if wrong else 200
    response = render(request, "parent/trace/unit.html", context, status=status)
    if family:
        remember(request, response, family)
    page = request.build_absolute_uri(reverse("parent:unit", args=[gtin, serial]))
    return _open(response, page)


def _told(request: HttpRequest, look: looking.Look) -> dict[str, Any]:
    """What stands on the page of a tin that we know."""
    assert look.unit_id is not None
    said = look.verdict
    lot = said.lot
    if lot:
        prefetch_related_objects([lot], "certificates")
    may_register = said.word in (Word.GENUINE, Word.SOLD) or (
        said.word == Word.RECALLED and said.owner is not None
    )
    return {
        "look": look,
        "lot": lot,
        "product": lot.product if lot else None,
        "recall": Recall.objects.filter(pk=said.recall).first() if said.recall else None,
        "is_recalled": said.word == Word.RECALLED,
        "journey": journey_of(look.unit_id),
        "freshness": freshness_of(lot) if said.word in (Word.GENUINE, Word.SOLD) else None,
        "imports": lots.import_facts(lot.story) if lot else [],
        "offer": offer(request, look.unit_id, said.owner, may_register=may_register),
        "store": _store_of(said.owner),
        "said": request.POST,
    }


def _store_of(owner: UnitOwner | None) -> Store | None:
    """Where to ask: the shop that sold it, else any that is open."""
    sold_it = _open_store(owner.store_id) if owner and owner.store_id else []
    return next(iter(sold_it or _any_with_a_telephone()), None)


@composed
def _open_store(pk: int) -> QuerySet[Store]:
    return Store.objects.filter(is_open=True, pk=pk)


@composed
def _any_with_a_telephone() -> QuerySet[Store]:
    return Store.objects.filter(is_open=True).exclude(phone="").order_by("pk")[:1]


def _register(request: HttpRequest, gtin: str, serial: str) -> tuple[Household | None, str]:
    """The family says that it has the tin; a wrong code counts as a guess."""
    unit_id = looking.unit_of(gtin, serial)
    try:
        return register(request, unit_id if unit_id is not None else -1), ""
    except redeeming.CannotRedeem as error:
        knock(WRONG_CODES_FROM_ONE_PLACE, place_of(request))
        return None, str(error.sentence)


def _unknown(request: HttpRequest) -> HttpResponse:
    """Never heard of, withdrawn, or printed and never used: one page, one answer."""
    return render(request, "parent/trace/unknown.html", {"store": _store_of(None)}, status=404)


def _bad(request: HttpRequest) -> HttpResponse:
    def answer() -> HttpResponse:
        return render(request, "parent/trace/unknown.html", {"is_malformed": True}, status=400)

    return _open(_speaking(request, answer))


def _too_often(request: HttpRequest) -> HttpResponse:
    response = _speaking(
        request, lambda: render(request, "parent/trace/too_often.html", status=429)
    )
    response["Retry-After"] = "600"
    return response
