"""What every page shares: a request id, the response headers, and errors that say what to do."""

import ipaddress
import logging
import sys
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from warmline.base.again import kept
from warmline.base.full import is_full, no_room
from warmline.base.stateful import WrongMove

CSP = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:"
    " blob:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
BODY_MAX = 64 * 2**20  # of one request: four photos, or a file of head office with room to spare
BUSY = frozenset({"55P03", "40P01"})  # somebody else holds the row; each waited for the other
log = logging.getLogger("warmline.web")


class RequestMiddleware:
    """First in, last out: names the request, and turns known troubles into clear answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex  # type: ignore[attr-defined]
        request.ip = caller(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", CSP)
        response.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Before anybody reads the body: what no page takes is not written to the disk first."""
        if not _is_readable(request):
            return bad_request(request)
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return bad_request(request)
        return _page(request, "413.html", 413) if length > BODY_MAX else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, WrongMove):
            return conflict(request, error)
        return _known_trouble(request, error, was_ours=True)  # or no view had been asked


def _known_trouble(
    request: HttpRequest, error: BaseException | None, *, was_ours: bool = False
) -> HttpResponse | None:
    """Neither the visitor's fault nor a programmer's: the disk is full, the database away, or
    somebody else has the row and keeps it."""
    if is_full(error):
        return no_room(request, was_ours=was_ours)
    if isinstance(error, OperationalError):
        said = getattr(error.__cause__, "sqlstate", "") or type(error.__cause__).__name__
        log.warning("request %s: the database said %s", getattr(request, "id", ""), said)
        return unavailable(request, is_busy=said in BUSY, was_ours=was_ours)
    return None


def caller(request: HttpRequest) -> str:
    """The caller's address: behind n proxies of ours, the n-th from the right of the list."""
    if hops := settings.ENV.proxies:
        said = request.headers.get("X-Forwarded-For", "").split(",")
        if len(said) >= hops:
            return said[-hops].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def line_of(ip: str) -> str:
    """Whose line an address belongs to, for limits: one house has 2⁶⁴ addresses of IPv6."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, ipaddress.IPv4Address):
        return ip
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((address, 64), strict=False))


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every template may show."""
    return {
        "demo": settings.ENV.demo,
        "language": get_language(),
        "theme": request.COOKIES.get("theme", ""),
        # Masked once a page and not once a form.
        "csrf_token": SimpleLazyObject(lambda: get_token(request)),
        "is_htmx": request.headers.get("HX-Request") == "true",
    }


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    response = render(request, template, context, status=status)
    if status == 503:
        response["Retry-After"] = "5"
    return response


def _is_readable(request: HttpRequest) -> bool:
    """No address and no question holds a NUL: no text in the database can."""
    said = [value for values in request.GET.lists() for value in values[1]]
    return not any("\0" in text for text in (request.path_info, *said))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    return _page(request, "404.html", 404)


def conflict(request: HttpRequest, error: WrongMove) -> HttpResponse:
    """A second click, or a page from before somebody else acted."""
    return _page(request, "409.html", 409, thing=error.thing)


def broken(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles the error: known trouble of a middleware is told apart."""
    return _known_trouble(request, sys.exc_info()[1]) or _page(request, "500.html", 500)


def unavailable(
    request: HttpRequest, *, is_busy: bool = False, was_ours: bool = False
) -> HttpResponse:
    """Not now, but soon. What was typed stays on the page."""
    typed = kept(request, was_ours=was_ours)
    return _page(request, "503.html", 503, is_busy=is_busy and not typed["is_read"], **typed)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The CSRF token is gone, mostly because the sign-in ran out: nothing typed is lost."""
    return _page(request, "403.html", 403, is_stale=True)
