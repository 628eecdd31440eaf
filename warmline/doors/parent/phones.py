"""A phone that registered a tin remembers its family, so that the next tin takes one tap.

What it remembers is signed and names nobody; a page of another site cannot make it speak.
"""

from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest, HttpResponse

from warmline.core.people.models import Household

COOKIE, SALT = "family", "parent.family"
KEPT_S = 400 * 24 * 3600


def family_of(request: HttpRequest) -> Household | None:
    """Whose phone this is, if it registered a tin before."""
    if COOKIE not in request.COOKIES or _is_of_another_site(request):
        return None
    try:
        pk = signing.loads(request.COOKIES[COOKIE], salt=SALT, max_age=KEPT_S)
    except signing.BadSignature:
        return None
    return Household.objects.filter(pk=pk, merged_into__isnull=True).first()


def _is_of_another_site(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc != request.get_host()


def remember(request: HttpRequest, response: HttpResponse, family: Household) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps(family.pk, salt=SALT),
        max_age=KEPT_S,
        path="/01/",
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path="/01/")
