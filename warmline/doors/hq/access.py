"""Head office sees the whole chain; an auditor sees it too, and changes nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from warmline.core.people.models import Staff


class HQRequest(HttpRequest):
    """A request of somebody of head office."""

    user: Staff


def hq_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For everybody else these pages do not exist."""

    @wraps(view)
    def guarded(request: HQRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.role not in (Staff.Role.HQ, Staff.Role.AUDITOR):
            raise Http404
        if request.method == "POST" and request.user.role == Staff.Role.AUDITOR:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)
