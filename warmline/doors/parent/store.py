"""A store's own page: what it promises, how often it kept it, and a way to ask."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from warmline.base.clock import now
from warmline.base.forms import put_errors
from warmline.core.people.models import Store
from warmline.doors.parent.access import place_of, store_page, too_often
from warmline.doors.parent.forms import AskForm
from warmline.service.desk import asking
from warmline.service.desk.asking import TooOften
from warmline.service.desk.keeping_word import last_month
from warmline.service.desk.models import CaseKind
from warmline.service.desk.receiving import Asker, Received


@require_http_methods(["GET", "HEAD", "POST"])
@store_page
def index(request: HttpRequest, store: Store) -> HttpResponse:
    form = AskForm(request.POST or None, request.FILES or None, initial={"kind": _usual()})
    if request.method == "POST" and form.is_valid():
        try:
            received = _ask(request, store, form.cleaned_data)
        except TooOften:
            return too_often(request)
        except ValidationError as error:
            put_errors(form, error)
        else:
            # An earlier case of theirs is not shown to whoever merely knows the number.
            if not received.is_new:
                return redirect("parent:received", store.code)
            return redirect("parent:case", received.case.token)
    context = {"store": store, "form": form, "kept": last_month(store), "at": now()}
    status = 422 if form.errors else 200
    return render(request, "parent/store/index.html", context, status=status)


def _ask(request: HttpRequest, store: Store, said: dict[str, Any]) -> Received:
    return asking.ask(
        store,
        asker=Asker(name=said["name"], phone=said["phone"]),
        words=said["words"] or "",
        kind=said["kind"].code,
        key=f"{said['key']}:{said['phone']}",
        place=place_of(request),
        photos=said["photos"],
    )


@require_safe
@store_page
def received(request: HttpRequest, store: Store) -> HttpResponse:
    """It was added to what this number asked before; the link to it is in their first message."""
    return render(request, "parent/store/received.html", {"store": store})


def _usual() -> CaseKind | None:
    return CaseKind.objects.offered().first()
