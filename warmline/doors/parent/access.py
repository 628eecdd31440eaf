"""What a visitor without a name may touch: the store whose page it is, and the one case whose link
they hold. A wrong link, an old one and none at all look the same."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from warmline.base.web import line_of
from warmline.core.people.models import Store
from warmline.service.desk.limiting import (
    POSTS_FROM_ONE_PLACE,
    WRONG_LINKS_FROM_ONE_PLACE,
    is_shut,
    knock,
)
from warmline.service.desk.models import Case

TOKEN_MAX = 40
View = Callable[..., HttpResponse]


def place_of(request: HttpRequest) -> str:
    """Where they write from."""
    return line_of(str(getattr(request, "ip", "") or "?"))


def store_page(view: View) -> View:
    """A page of one store that is in business, on its own clock."""

    @wraps(view)
    def guarded(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
        if posts_too_often(request):
            return too_often(request)
        store = Store.objects.filter(code=code, is_open=True).first()
        if store is None:
            return nowhere(request)
        with timezone.override(store.zone):
            return unlisted(view(request, store, **kwargs))

    return guarded


def case_page(view: View) -> View:
    """The page of the case whose link this is. Who tries many wrong ones is shut out for a while."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        if is_shut(WRONG_LINKS_FROM_ONE_PLACE, place_of(request)) or posts_too_often(request):
            return too_often(request)
        found = Case.objects.with_token(token[:TOKEN_MAX])
        case = found.select_related("store", "kind", "owner__store", "household", "member").first()
        if case is None:
            knock(WRONG_LINKS_FROM_ONE_PLACE, place_of(request))
            return nowhere(request)
        with timezone.override(case.store.zone):
            return unlisted(view(request, case, **kwargs))

    return guarded


def nowhere(request: HttpRequest) -> HttpResponse:
    """A family's words for a page that is not there: it has no files to search."""
    return unlisted(render(request, "parent/nowhere.html", status=404))


def posts_too_often(request: HttpRequest) -> bool:
    """Counted before a form is looked at: photos are drawn anew then, and that is work."""
    return request.method == "POST" and not knock(POSTS_FROM_ONE_PLACE, place_of(request))


def unlisted(response: HttpResponse) -> HttpResponse:
    """Kept by nobody: no search engine, no shared cache, no other site's log."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = (
        "same-origin"  # with none at all, browsers hide where a form is from
    )
    response["Cache-Control"] = "private, no-store"
    return response


def too_often(request: HttpRequest) -> HttpResponse:
    context = {"typed": request.POST.get("words", "")} if request.method == "POST" else {}
    response = render(request, "parent/too_often.html", context, status=429)
    response["Retry-After"] = "600"
    return response
