"""Today: how many promises are to be kept, which first, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from warmline.base.clock import now
from warmline.base.clock import today as local_today
from warmline.core.people.models import Staff
from warmline.core.people.reading import saw
from warmline.core.promises.models import Promise
from warmline.doors.guide.access import GuideRequest, my_promise, signed_in, staff_only
from warmline.doors.guide.cards import Card, cards_of
from warmline.doors.guide.region import is_regional
from warmline.look.days import coming_day
from warmline.look.stencils import stencil
from warmline.service.care.today import Owed, Today, day_of, families_of

DAYS_SHOWN = 8
draw_days = stencil("guide/today/_days.html")
CARDS_MAX = 20  # drawn at once, in the order in which they are to be kept: a guide's day


@dataclass
class Group:
    """Some of the day's promises under one heading: the cards of the first, and how to see more."""

    name: str
    words: str
    promises: list[Owed]
    shown: list[Owed]
    cards: list[Card]
    on: date | None  # the day, if it is not today

    @property
    def rest(self) -> str:
        """What the link to the others says; empty if all are shown."""
        last = self.promises.index(self.shown[-1]) + 1 if self.shown else 0
        n = len(self.promises) - last
        return ngettext("Show %(n)d more", "Show %(n)d more", n) % {"n": n} if n else ""

    @property
    def rest_query(self) -> str:
        asked: dict[str, str | int] = {"group": self.name}
        if self.on:
            asked["on"] = self.on.isoformat()
        if self.shown:
            asked["after"] = self.shown[-1].pk
        return urlencode(asked)


@require_safe
@signed_in
def index(request: GuideRequest) -> HttpResponse:
    store = request.user.store
    if request.user.moves_goods:  # she has no families, and a page of her own
        return redirect("guide:me")
    if request.user.role == Staff.Role.AGENT:
        return redirect("agent:inbox")
    if store is None:  # head office has no list of its own
        return redirect("guide:region" if is_regional(request.user) else "guide:families")
    here = local_today(store.zone)
    on = _asked_day(request.GET.get("on", ""), here=here)
    today = day_of(request.user, on=on)
    groups = _shown(request, today, on=None if on == here else on)
    shown = [promise for group in groups for promise in group.shown]
    saw(request, families_of(shown), "name", "phone", "child", "note")
    cards = iter(cards_of(shown, store=store, reader=request.user))
    for group in groups:
        group.cards = [next(cards) for _promise in group.shown]
    if "group" in request.GET and request.headers.get("HX-Request") == "true":
        return render(request, "guide/today/_cards.html", {"group": groups[0] if groups else None})
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
            "days": _days(here, on=on),
        },
    )


def _asked_day(said: str, *, here: date) -> date:
    """Today, or one of the coming days."""
    try:
        asked = date.fromisoformat(said)
    except ValueError:
        return here
    return asked if here <= asked < here + timedelta(days=DAYS_SHOWN) else here


def _days(here: date, *, on: date) -> SafeString:
    """The strip of days: today and what comes."""
    days = [here + timedelta(days=n) for n in range(1, DAYS_SHOWN)]
    words = [(day.isoformat(), coming_day(day, today=here), day == on) for day in days]
    return draw_days(is_today=on == here, days=words)


def _shown(request: GuideRequest, today: Today, *, on: date | None) -> list[Group]:
    """All groups with the cards that fit on a page; or one group, from a promise of it onwards."""
    asked, after = request.GET.get("group"), request.GET.get("after")
    groups, room = [], CARDS_MAX
    for name, words, promises in _groups(today):
        if not promises or (asked and asked != name):
            continue
        start = next((n + 1 for n, p in enumerate(promises) if asked and str(p.pk) == after), 0)
        shown = promises[start : start + room]
        room -= len(shown)
        groups.append(Group(name, words, promises, shown, [], on))
    return groups


def _groups(today: Today) -> Iterator[tuple[str, str, list[Owed]]]:
    yield "now", _("Now"), today.now
    yield "sundown", _("By sundown"), today.by_sundown
    yield "wait", _("Can wait"), today.can_wait
    yield "done", _("Done"), today.done


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
    card = cards_of([promise], store=promise.household.store, reader=request.user)[0]
    return HttpResponse(card.html, status=status)


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
