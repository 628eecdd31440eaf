"""Whole lists of codes, read one after the other: received, counted, or given to a family.

The phone keeps the list and says at each code what it is; sent is the list as a whole, once, also by
a phone that had no network when it was made.
"""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from warmline.base.clock import now
from warmline.base.forms import put_errors
from warmline.core.people.models import Store
from warmline.doors.guide.access import (
    GuideRequest,
    my_family,
    sent_once,
    signed_in,
    staff_only,
)
from warmline.goods.trace import handing, knowing, scanning
from warmline.goods.trace.identity.keys import BadKey, Key, parse
from warmline.goods.trace.scanning import Aside, Tally, What
from warmline.goods.trace.selling import place_of
from warmline.goods.trace.spelling import spelt
from warmline.goods.trace.verdicts import Verdict, Word, verdict

WAITED_MAX_S = 7 * 24 * 3600
KEPT_LISTS, KEPT_LINES = 5, 50
GIVE = "give"
WARNED = scanning.WARNED


class ListForm(forms.Form):
    """One code a line, as the scanner wrote them."""

    codes = forms.CharField(
        label=gettext_lazy("Codes, one a line"),
        max_length=400_000,
        widget=forms.Textarea(
            attrs={"rows": 4, "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )
    once = forms.RegexField(r"^[0-9a-f]{16,64}$", max_length=64, widget=forms.HiddenInput)

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["codes"].splitlines() if line.strip()]

    @property
    def key(self) -> str:
        """The list's own: other codes under the same page are another list."""
        words = "\n".join([self.cleaned_data["once"], *self.lines])
        return sha256(words.encode()).hexdigest()[:40]


def my_store(request: GuideRequest) -> Store:
    """Whoever works nowhere has no shelf to scan."""
    if request.user.store is None:
        raise Http404
    return request.user.store


@require_http_methods(["GET", "POST"])
@signed_in
@sent_once
def receive(request: GuideRequest) -> HttpResponse:
    """Goods came in: tins, cases or whole pallets."""
    return _handle(request, What.RECEIVE, _("What has come in?"), _("Receive"))


@require_http_methods(["GET", "POST"])
@signed_in
@sent_once
def count(request: GuideRequest) -> HttpResponse:
    """What is really there."""
    return _handle(request, What.COUNT, _("What is on the shelf?"), _("Count"))


def _handle(request: GuideRequest, what: What, heading: str, act: str) -> HttpResponse:
    store = my_store(request)

    def take(form: ListForm) -> Tally:
        return scanning.take_in(
            form.lines,
            what=what,
            place=_place(store),
            key=f"{request.user.pk}:{form.key}",
            at=now() - waited(request),
            by=request.user,
        )

    return _list(request, take, kind=what.value, heading=heading, act=act)


def _place(store: Store) -> Any:
    place = place_of(store)
    assert place is not None
    return place


@require_http_methods(["GET", "POST"])
@staff_only
@sent_once
def give(request: GuideRequest, pk: int) -> HttpResponse:
    """A family of mine takes tins home: each is theirs from now on, and sold once."""
    family, store = my_family(request, pk), my_store(request)

    def take(form: ListForm) -> Tally:
        return handing.give(
            form.lines, household=family, store=store, at=now() - waited(request), by=request.user
        )

    heading = _("What does %(family)s take home?") % {"family": family}
    return _list(request, take, kind=GIVE, heading=heading, act=_("Give"), family=family)


def _list(
    request: GuideRequest,
    take: Callable[[ListForm], Tally],
    *,
    kind: str,
    heading: str,
    act: str,
    family: Any = None,
) -> HttpResponse:
    form = ListForm(request.POST or None, initial={"once": uuid4().hex})
    whose = family.pk if family else 0
    if request.method == "POST" and form.is_valid():
        try:
            tally = take(form)
        except ValidationError as error:
            put_errors(form, error)
        else:
            keep(request, tally, kind, whose)
            return redirect(f"{request.path}?done=1")
    mine = [one for one in request.session.get("scanned", ()) if one["of"] == [kind, whose]]
    context = {
        "form": form,
        "kind": kind,
        "heading": heading,
        "act": act,
        "family": family,
        "lists": mine,
        "is_done": bool(mine) and request.GET.get("done") == "1",
    }
    return render(request, "guide/scan/list.html", context, status=422 if form.errors else 200)


def keep(request: GuideRequest, tally: Tally, kind: str, whose: int) -> None:
    """What came of the last lists stays with her session, those sent later by the phone as well."""

    def told(lines: list[Aside]) -> list[list[str]]:
        return [[one.code, str(one.reason)] for one in lines[:KEPT_LINES]]

    said = {
        "of": [kind, whose],
        "at": localtime(now()).isoformat(timespec="minutes"),
        "taken": len(tally.taken),
        "tins": tally.tins,
        "had": tally.repeated,
        "aside": told(tally.aside),
        "warned": told(tally.warned),
        "more": max(len(tally.aside) - KEPT_LINES, 0),
    }
    request.session["scanned"] = [said, *request.session.get("scanned", ())][:KEPT_LISTS]


def waited(request: GuideRequest) -> timedelta:
    """How long the list lay in a phone without a network."""
    said = request.headers.get("X-Waited-S", "")
    if not said.isdecimal() or len(said) > 7:
        return timedelta(0)
    return timedelta(seconds=min(int(said), WAITED_MAX_S))


@require_safe
@signed_in
def check(request: GuideRequest) -> HttpResponse:
    """One code, as it is read: what it is, and whether this may be done with it."""
    my_store(request)
    code = request.GET.get("code", "")[:300]
    return JsonResponse(_said_of(code, request.GET.get("for", "") == GIVE))


def _said_of(code: str, is_given: bool) -> dict[str, Any]:
    try:
        key = parse(spelt(code).uri)
    except BadKey:
        return _answer("aside", "", _("This is no code."))
    if not key.is_instance:
        why = _("This is the code of a kind of goods, not of one thing.")
        return _answer("aside", key.uri, why)
    unit = knowing.find([key]).get(key.uri)
    if key.kind != "sgtin":
        return _of_a_case(key, unit, is_given)
    said = verdict(unit)
    name = str(said.lot.product) if said.lot and said.lot.product else ""
    return _answer(_state(said, is_given), key.uri, _words(said, is_given), name, tins=1)


def _of_a_case(key: Key, unit: int | None, is_given: bool) -> dict[str, Any]:
    tins = len(handing.tins_of(unit)) if unit is not None else 0
    if is_given and not 0 < tins <= handing.CASE_MAX:
        why = (
            _("We do not know what is in it.") if not tins else _("More than a family takes home.")
        )
        return _answer("aside", key.uri, why)
    name = ngettext("a case with %(n)s tin", "a case with %(n)s tins", tins) % {"n": tins}
    return _answer("taken", key.uri, "", name, tins=tins)


def _state(said: Verdict, is_given: bool) -> str:
    if is_given:
        return "taken" if said.may_be_sold else "aside"
    if said.word in scanning.REFUSED:
        return "aside"
    return "warned" if said.word in WARNED else "taken"


def _words(said: Verdict, is_given: bool) -> str:
    if said.word == Word.GENUINE:
        return ""
    if said.word == Word.UNKNOWN and not is_given:
        return _("New to us: it is taken as it is.")
    return said.sentence


def _answer(state: str, uri: str, words: str, name: str = "", *, tins: int = 0) -> dict[str, Any]:
    return {"state": state, "uri": uri, "words": words, "name": name, "tins": tins}
