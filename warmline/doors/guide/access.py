"""What this visitor may touch: her store's families and promises. Everything else is not there."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, RawPostDataException
from django.shortcuts import get_object_or_404
from django.utils import timezone

from warmline.base.composed import composed
from warmline.base.idempotency import HEADER, KeyBusy, KeyRefused, once
from warmline.base.web import unavailable
from warmline.core.people.models import Household, Reader, Staff
from warmline.core.people.reading import saw
from warmline.core.promises.models import Promise

CSRF = "csrfmiddlewaretoken"


class GuideRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: Staff


View = Callable[..., Any]


def signed_in(view: View) -> View:
    """Whoever works for the chain; the page speaks her store's local time."""

    @wraps(view)
    def guarded(request: GuideRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        store = request.user.store
        with timezone.override(store.zone if store else None):
            if request.method == "POST" and request.user.role == Staff.Role.AUDITOR:
                raise PermissionDenied  # an auditor looks and changes nothing
            return view(request, *args, **kwargs)

    return login_required(guarded)


def staff_only(view: View) -> View:
    """Whoever talks to families. Who moves parcels finds none of these pages (G13)."""

    @wraps(view)
    def guarded(request: GuideRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.moves_goods:
            raise Http404
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    return signed_in(guarded)


def sent_once(view: View) -> View:
    """What is sent twice has one effect: by a phone that kept it without a network (its
    Idempotency-Key), or by a second tap (the page's own key, with the same words)."""

    @wraps(view)
    def guarded(request: GuideRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or not _can_be_compared(request):
            return view(request, *args, **kwargs)
        try:
            whose = f"staff:{request.user.pk} {request.path}"
            key = None if HEADER in request.headers else key_of_page(request)
            return once(request, lambda: view(request, *args, **kwargs), scope=whose, key=key)
        except KeyBusy:
            # The first is still being written: a phone that kept it waits, a person sends it again.
            return unavailable(request, is_busy=True, was_ours=True)
        except KeyRefused as error:
            return HttpResponse(error.sentence, status=error.status)

    return guarded


def _can_be_compared(request: HttpRequest) -> bool:
    """Our own forms can; of a strange one (multipart) the body may be gone by now."""
    try:
        return request.body is not None
    except RawPostDataException:
        return False


def key_of_page(request: HttpRequest) -> str | None:
    """Other words under the same key (the back button, and then another try) are another act."""
    if not (key := request.POST.get("once", "")):
        return None
    said = [(name, request.POST.getlist(name)) for name in sorted(request.POST) if name != CSRF]
    return f"{key[:32]}:{sha256(repr(said).encode()).hexdigest()[:40]}"


def my_families(request: GuideRequest) -> Any:
    return Household.objects.seen_by(request.user)


def my_family(request: GuideRequest, pk: int) -> Household:
    """A family of mine, as its file needs it; the read is audited."""
    found = _family(request.user.reader, pk)
    if not found:
        raise Http404
    saw(request, [pk], "name", "phone", "child", "note")
    return found[0]


@composed
def _family(reader: Reader, pk: int) -> QuerySet[Household]:
    seen = Household.objects.seen_by(reader)
    return seen.filter(pk=pk).select_related("store", "home_guide")


def my_promise(request: GuideRequest, pk: int) -> Promise:
    promises = Promise.objects.seen_by(request.user).select_related(
        "household__store", "script", "child", "keeper"
    )
    promise: Promise = get_object_or_404(promises, pk=pk)
    saw(request, [promise.household_id], "name", "phone", "child", "note")
    return promise
