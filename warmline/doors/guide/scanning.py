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
from warmline.goods.trace.models import Party, Place, Post
from warmline.goods.trace.scanning import Aside, Tally, What
from warmline.goods.trace.selling import place_of
from warmline.goods.trace.spelling import spelt
from warmline.goods.trace.verdicts import Verdict, Word, verdict

WAITED_MAX_S = 7 * 24 * 3600
KEPT_LISTS, KEPT_LINES = 5, 50
RECEIVERS_MAX = 1_500
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
        words = "\n".join([self.cleaned_data["once"], *self.lines, *map(str, self.said.values())])
        return sha256(words.encode()).hexdigest()[:40]

    @property
    def said(self) -> dict[str, Any]:
        """What is said of the list as a whole."""
        return {}

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields before the list."""
        return [self[name] for name in self.fields if name not in ("codes", "once")]


class PackForm(ListForm):
    """The case comes first: its code is read, and then what goes in."""

    field_order = ["into"]
    into = forms.CharField(
        label=gettext_lazy("Code of the case or pallet that is packed"),
        max_length=300,
        help_text=gettext_lazy("Read it first; what you read after it goes in."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off"}),
    )

    def clean_into(self) -> str:
        said = self.cleaned_data["into"].strip()
        try:
            key = parse(spelt(said).uri)
        except BadKey:
            raise ValidationError(_("This is no code.")) from None
        if key.kind != "sscc":
            raise ValidationError(_("A case or pallet has a code of 18 digits (SSCC)."))
        return key.uri

    @property
    def said(self) -> dict[str, Any]:
        return {"into": self.cleaned_data["into"]}


class ShipForm(ListForm):
    """To whom, and by which delivery note."""

    field_order = ["to", "document_no"]
    to = forms.ChoiceField(label=gettext_lazy("To whom it goes"))
    document_no = forms.CharField(
        label=gettext_lazy("Number of the delivery note"), max_length=40, required=False
    )

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["to"].choices = [("", _("Choose one")), *receivers(place)]

    def clean_to(self) -> Party:
        kind, _colon, pk = self.cleaned_data["to"].partition(":")
        if kind == "store":
            found = _place(Store.objects.get(pk=pk)).party
            assert found is not None
            return found
        return Party.objects.get(pk=pk)

    @property
    def said(self) -> dict[str, Any]:
        d = self.cleaned_data
        return {"to": d["to"], "document_no": d["document_no"].strip()}


def receivers(place: Place) -> list[tuple[str, str]]:
    """Our stores and our partners, but for whoever ships."""
    own = place.party
    stores = Store.objects.filter(is_open=True).exclude(
        pk=own.store_id if own and own.store_id else 0
    )
    partners = Party.objects.exclude(sort=Party.Sort.STORE).exclude(pk=own.pk if own else 0)
    shops = [(f"store:{s.pk}", s.name) for s in stores.order_by("name")[:RECEIVERS_MAX]]
    others = [(f"party:{p.pk}", str(p)) for p in partners.order_by("sort", "name")[:RECEIVERS_MAX]]
    return shops + others


def my_store(request: GuideRequest) -> Store:
    """Whoever works nowhere has no shelf to scan."""
    if request.user.store is None:
        raise Http404
    return request.user.store


def my_place(request: GuideRequest) -> Place:
    """Where what she reads is: her store, or the warehouse or dealer that she scans for."""
    if request.user.store is not None:
        return _place(request.user.store)
    post = Post.objects.select_related("place__party").filter(staff=request.user).first()
    if post is None:
        raise Http404
    return post.place


@require_http_methods(["GET", "POST"])
@signed_in
@sent_once
def receive(request: GuideRequest) -> HttpResponse:
    """Goods came in: tins, cases or whole pallets."""
    return _handle(request, What.RECEIVE, _("What has come in?"), _("Receive"))


@require_http_methods(["GET", "POST"])
@signed_in
@sent_once
def move(request: GuideRequest) -> HttpResponse:
    """From the back to the shelf."""
    return _handle(request, What.MOVE, _("What goes on the shelf?"), _("Put on the shelf"))


@require_http_methods(["GET", "POST"])
@signed_in
@sent_once
def count(request: GuideRequest) -> HttpResponse:
    """What is really there."""
    return _handle(request, What.COUNT, _("What is on the shelf?"), _("Count"))


@require_http_methods(["GET", "POST"])
@signed_in
@sent_once
def open_cases(request: GuideRequest) -> HttpResponse:
    """Cases and pallets are opened: what was in them stands by itself from now on."""
    return _handle(request, What.OPEN, _("Which cases do you open?"), _("Opened"))


@require_http_methods(["GET", "POST"])
@signed_in
@sent_once
def pack(request: GuideRequest) -> HttpResponse:
    """Tins into a case, or cases onto a pallet."""
    my_place(request)
    form = PackForm(request.POST or None, initial=_fresh())
    return _handle(request, What.PACK, _("What goes into the case?"), _("Pack it"), form)


@require_http_methods(["GET", "POST"])
@signed_in
@sent_once
def ship(request: GuideRequest) -> HttpResponse:
    """Goods leave: to a store or a partner."""
    form = ShipForm(request.POST or None, place=my_place(request), initial=_fresh())
    return _handle(request, What.SHIP, _("What goes out, and to whom?"), _("Ship"), form)


def _fresh() -> dict[str, str]:
    return {"once": uuid4().hex}


def _handle(
    request: GuideRequest, what: What, heading: str, act: str, form: ListForm | None = None
) -> HttpResponse:
    place = my_place(request)

    def take(form: ListForm) -> Tally:
        return scanning.take_in(
            form.lines,
            what=what,
            place=place,
            key=f"{request.user.pk}:{form.key}",
            at=now() - waited(request),
            by=request.user,
            **form.said,
        )

    return _list(request, take, kind=what.value, heading=heading, act=act, form=form, place=place)


def _place(store: Store) -> Place:
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
    form: ListForm | None = None,
    place: Place | None = None,
) -> HttpResponse:
    form = form or ListForm(request.POST or None, initial=_fresh())
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
        "place": place,
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
    my_place(request)
    code, kind = request.GET.get("code", "")[:300], request.GET.get("for", "")
    return JsonResponse(_said_of(code, kind))


def _said_of(code: str, kind: str) -> dict[str, Any]:
    is_given = kind == GIVE
    try:
        key = parse(spelt(code).uri)
    except BadKey:
        return _answer("aside", "", _("This is no code."))
    if not key.is_instance:
        why = _("This is the code of a kind of goods, not of one thing.")
        return _answer("aside", key.uri, why)
    unit = knowing.find([key]).get(key.uri)
    if kind == What.OPEN and not scanning.may_be_opened(key, unit):
        return _answer("aside", key.uri, scanning.NO_CASE)
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


def _answer(state: str, uri: str, words: Any, name: str = "", *, tins: int = 0) -> dict[str, Any]:
    return {"state": state, "uri": uri, "words": str(words), "name": name, "tins": tins}
