"""Today: how many promises are to be kept, which first, and why."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from warmline.base.clock import now
from warmline.base.clock import today as local_today
from warmline.core.people.models import Staff
from warmline.core.people.reading import saw
from warmline.core.promises.models import Promise
from warmline.doors.guide.access import GuideRequest, my_promise, staff_only
from warmline.doors.guide.cards import cards_of
from warmline.service.care.today import Today, day_of, families_of

DAYS_SHOWN = 8


@require_safe
@staff_only
def index(request: GuideRequest) -> HttpResponse:
    store = request.user.store
    if store is None:  # head office and agents have no list of their own
        return redirect("guide:families")
    here = local_today(store.zone)
    on = _asked_day(request.GET.get("on", ""), here=here)
    today = day_of(request.user, on=on)
    shown = [*today.now, *today.by_sundown, *today.can_wait, *today.done]
    saw(request, families_of(shown), "name", "phone", "child", "note")
    cards = {card.promise.pk: card for card in cards_of(shown, store=store)}
    groups = [
        (name, words, [cards[p.pk] for p in promises])
        for name, words, promises in _groups(today)
        if promises
    ]
    return render(
        request,
        "guide/today/index.html",
        {
            "groups": groups,
            "today": today,
            "store": store,
            "greeting": greeting(request.user),
            "on": on,
            "here": here,
            "days": [here + timedelta(days=n) for n in range(DAYS_SHOWN)],
        },
    )


def _asked_day(said: str, *, here: date) -> date:
    """Today, or one of the coming days."""
    try:
        asked = date.fromisoformat(said)
    except ValueError:
        return here
    return asked if here <= asked < here + timedelta(days=DAYS_SHOWN) else here


def _groups(today: Today) -> list[tuple[str, str, list[Promise]]]:
    return [
        ("now", _("Now"), today.now),
        ("sundown", _("By sundown"), today.by_sundown),
        ("wait", _("Can wait"), today.can_wait),
        ("done", _("Done"), today.done),
    ]


def greeting(staff: Staff) -> str:
    """Good morning, by the store's own clock."""
    hour = now().astimezone(staff.store.zone if staff.store else None).hour
    if hour < 11:
        words = _("Good morning, %(name)s.")
    elif hour < 18:
        words = _("Good afternoon, %(name)s.")
    else:
        words = _("Good evening, %(name)s.")
    return words % {"name": staff.name}


def render_card(request: GuideRequest, promise: Promise, *, status: int = 200) -> HttpResponse:
    card = cards_of([promise], store=promise.household.store)[0]
    return render(request, "guide/today/_card.html", {"card": card}, status=status)


@require_safe
@staff_only
def card(request: GuideRequest, pk: int) -> HttpResponse:
    return render_card(request, my_promise(request, pk))


@require_POST
@staff_only
def take(request: GuideRequest, pk: int) -> HttpResponse:
    """Nobody kept it yet: this guide does from now on, if it is of her store."""
    promise = my_promise(request, pk)
    if request.user.store_id == promise.store_id:
        promise.hand_to(request.user, by=request.user)
    return render_card(request, promise)


@require_POST
@staff_only
def waive(request: GuideRequest, pk: int) -> HttpResponse:
    """It is not owed any more; without a reason it stays owed."""
    promise = my_promise(request, pk)
    reason = request.POST.get("reason", "").strip()[:200]
    if not reason:
        return render_card(request, promise, status=422)
    promise.waive(reason, by=request.user)
    return render_card(request, promise)
