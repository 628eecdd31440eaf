"""Pages of lists: `perPage`, `nextPageToken`, and the `Link` to the next one."""

from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpResponse

from warmline.doors.api.epcis import headers
from warmline.doors.api.tokens import ApiRequest
from warmline.goods.trace.parameters import PAGING, BadParameter, read, unknown


def quoted(value: str) -> str:
    return quote(value, safe="")


def asked(request: ApiRequest) -> tuple[int, int | None]:
    """How many, and after which number."""
    only(request, PAGING)
    size = read({"perPage": request.GET["perPage"]}).per_page if "perPage" in request.GET else 30
    token = request.GET.get("nextPageToken", "")
    if token and not (token.isascii() and token.isdigit() and len(token) < 20):
        raise BadParameter("nextPageToken")
    return size, int(token) if token else None


def only(request: ApiRequest, known: frozenset[str]) -> None:
    """No other parameters than these."""
    for name in request.GET:
        if name not in known:
            raise unknown(name, known)


def answered(request: ApiRequest, said: Any, following: str) -> HttpResponse:
    """One page, and where the next one is."""
    response = headers.answered(said)
    if following:
        query = {k: v for k, v in request.GET.items() if k != "nextPageToken"}
        address = f"{request.path_info}?{urlencode(query | {'nextPageToken': following})}"
        response["Link"] = f'<{quote(address, safe=SAFE)}>; rel="next"'
    return response


SAFE = "/:?&=%+,;@!$'()*~.-_"
