"""When the disk is full: reading goes on, and what is sent is not taken, and not lost either (507)."""

import errno
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from warmline.base import disk
from warmline.base.again import READS, kept

STILL_TAKEN = ("/accounts/", "/i18n/")  # who cannot sign in cannot read
DISK_FULL = "53100"
RETRY_AFTER_S = 60


class RoomMiddleware:
    """Refuses to write while there is still room for what reading itself writes down.

    Last in the list: whoever asks is known by then, and that the form is one of ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.method in READS or request.path_info.startswith(STILL_TAKEN):
            return None
        if not disk.glance.is_none(settings.ENV.data):
            return None
        return no_room(request, was_ours=True)


def is_full(error: BaseException | None) -> bool:
    """Whether it was the disk that had no room: the database's, or the one uploads come to."""
    if isinstance(error, OperationalError):
        return getattr(error.__cause__, "sqlstate", "") == DISK_FULL
    return isinstance(error, OSError) and error.errno == errno.ENOSPC


def no_room(request: HttpRequest, *, was_ours: bool = False) -> HttpResponse:
    """Nothing was stored. The page keeps what was typed, to be sent again by a button."""
    response = render(request, "507.html", kept(request, was_ours=was_ours), status=507)
    response["Retry-After"] = str(RETRY_AFTER_S)
    return response
