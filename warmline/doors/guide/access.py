"""What this visitor may touch: her store's families and promises. Everything else is not there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from warmline.base.idempotency import KeyBusy, KeyRefused, once
from warmline.core.people.models import Household, Staff
from warmline.core.people.reading import saw
from warmline.core.promises.models import Promise


class GuideRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: Staff


View = Callable[..., Any]


def staff_only(view: View) -> View:
    """Signed in; the page speaks the store's local time."""

    @wraps(view)
    def guarded(request: GuideRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        store = request.user.store
        with timezone.override(store.zone if store else None):
            if request.method == "POST" and request.user.role == Staff.Role.AUDITOR:
                raise PermissionDenied  # an auditor looks and changes nothing
            return view(request, *args, **kwargs)

    return login_required(guarded)


def sent_once(view: View) -> View:
    """What a phone kept without a network and sends again has one effect (its Idempotency-Key)."""

    @wraps(view)
    def guarded(request: GuideRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            whose = f"staff:{request.user.pk} {request.path}"
            return once(request, lambda: view(request, *args, **kwargs), scope=whose)
        except KeyBusy:
            return HttpResponse(status=503)  # the first is still being written: the phone waits
        except KeyRefused as error:
            return HttpResponse(error.sentence, status=error.status)

    return guarded


def my_families(request: GuideRequest) -> Any:
    return Household.objects.seen_by(request.user)


def my_family(request: GuideRequest, pk: int) -> Household:
    """A family of mine, as its file needs it; the read is audited."""
    families = my_families(request).select_related("store", "home_guide")
    family: Household = get_object_or_404(families, pk=pk)
    saw(request, [family.pk], "name", "phone", "child", "note")
    return family


def my_promise(request: GuideRequest, pk: int) -> Promise:
    promises = Promise.objects.seen_by(request.user).select_related(
        "household__store", "script", "child", "keeper"
    )
    promise: Promise = get_object_or_404(promises, pk=pk)
    saw(request, [promise.household_id], "name", "phone", "child", "note")
    return promise
