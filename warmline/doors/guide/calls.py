"""Logging a call: tap the number, tap what came of it, tap done."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from warmline.base.clock import now, today
from warmline.base.forms import put_errors
from warmline.core.contacts import gates, red_flags
from warmline.core.contacts.models import Contact, Medium
from warmline.core.people import calendar
from warmline.core.people.models import Household
from warmline.core.promises.models import Promise
from warmline.doors.guide.access import GuideRequest, my_family, my_promise, staff_only
from warmline.doors.guide.cards import cards_of
from warmline.doors.guide.today import render_card
from warmline.look.days import short_day
from warmline.service.care.calls import Heard, Next, log_call
from warmline.service.care.models import Correction

Outcome = Contact.Outcome
OFFERED = [
    Outcome.REACHED,
    Outcome.NO_ANSWER,
    Outcome.LATER,
    Outcome.BOUGHT,
    Outcome.WEANED,
    Outcome.SWITCHED,
    Outcome.REFUSED,
    Outcome.WRONG_NUMBER,
]
DAYS_OFFERED = 7
DRAWN_MAX = 32
DRAWN: dict[tuple[str, date, bool], SafeString] = {}  # empty forms by language, day, stock


class CallForm(forms.Form):
    """What came of a call. Only the outcome is asked for; the rest is there when it is needed."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    promise = forms.IntegerField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it?"),
        choices=[(o.value, o.label) for o in OFFERED],
        widget=forms.RadioSelect,
    )
    medium = forms.ChoiceField(
        choices=Medium, required=False, initial=Medium.PHONE, widget=forms.HiddenInput
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )
    next_on = forms.ChoiceField(
        label=gettext_lazy("Call again"), required=False, widget=forms.RadioSelect
    )
    next_date = forms.DateField(
        label=gettext_lazy("On another day"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
    )
    next_time = forms.TimeField(
        label=gettext_lazy("At (else by sundown)"),
        required=False,
        widget=forms.TimeInput({"type": "time"}),
    )
    next_words = forms.CharField(
        label=gettext_lazy("What did you promise?"), required=False, max_length=200
    )
    stock = forms.FloatField(
        label=gettext_lazy("Packs still at home"), required=False, min_value=0, max_value=200
    )

    def __init__(
        self, *args: Any, family: Household, promise: Promise | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.family = family
        self.asks_stock = bool(promise and promise.why.get("category"))  # packs of what?
        self.here = today(family.store.zone)
        days = [self.here + timedelta(days=n) for n in range(1, DAYS_OFFERED + 1)]
        self.fields["next_on"].choices = [("", _("No need"))] + [  # type: ignore[attr-defined]
            (d.isoformat(), short_day(d, today=self.here)) for d in days
        ]

    def drawn(self) -> SafeString:
        """What is asked, as HTML. As long as nothing is filled in, it is the same for everybody."""
        if self.is_bound:
            return self._draw()
        whose = get_language(), self.here, self.asks_stock
        if whose not in DRAWN:
            if len(DRAWN) >= DRAWN_MAX:
                DRAWN.clear()
            DRAWN[whose] = self._draw()
        return DRAWN[whose]

    def _draw(self) -> SafeString:
        return render_to_string("guide/calls/_fields.html", {"form": self})

    def next_promise(self) -> Next | None:
        """The promise made in the call, as an instant in the store's zone."""
        said = self.cleaned_data
        day = said["next_date"] or (said["next_on"] and date.fromisoformat(said["next_on"]))
        if not day:
            return None
        store = self.family.store
        if said["next_time"]:
            at = datetime.combine(day, said["next_time"], store.zone)
        else:
            at = calendar.sundown(store, day)
        return Next(at, said["next_words"])


def new_form(family: Household, promise: Promise | None = None) -> CallForm:
    initial = {"key": uuid4().hex, "promise": promise.pk if promise else None}
    return CallForm(family=family, promise=promise, initial=initial)


@require_safe
@staff_only
def sheet(request: GuideRequest, pk: int) -> HttpResponse:
    """Which rule says not now, what to say, what not to say, and the form, over the list."""
    promise = my_promise(request, pk)
    family = promise.household
    card = cards_of([promise], store=family.store)[0]
    context = {
        "card": card,
        "form": new_form(family, promise),
        "family": family,
        "refusals": gates.check(family, promise.purpose, promise.channel, now()),
    }
    return render(request, "guide/calls/_sheet.html", context)


@require_POST
@staff_only
def log(request: GuideRequest, pk: int) -> HttpResponse:
    family = my_family(request, pk)
    form = CallForm(request.POST, family=family)
    promise = None
    if form.is_valid():
        if form.cleaned_data["promise"]:
            promise = my_promise(request, form.cleaned_data["promise"])
        try:
            call = log_call(
                key=f"{request.user.pk}:{form.cleaned_data['key']}",
                household=family,
                by=request.user,
                outcome=form.cleaned_data["outcome"],
                promise=promise,
                note=form.cleaned_data["note"],
                medium=form.cleaned_data["medium"] or Medium.PHONE,
                next_=form.next_promise(),
                heard=_heard(form, promise),
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            return _logged(request, family, promise, topic=call.red_flag)
    context = {"form": form, "family": family, "card": None}
    return render(request, "guide/calls/_form.html", context, status=422)


def _heard(form: CallForm, promise: Promise | None) -> list[Heard]:
    """Packs at home are counted in packs and kept in the category's unit."""
    packs = form.cleaned_data["stock"]
    category = promise.why.get("category") if promise else None
    if packs is None or not category:
        return []
    row = form.family.run_outs.filter(category__code=category).first()
    pack = row.last_content / max(row.last_packs, 1.0) if row else 0.0
    return [Heard(category, Correction.Kind.STOCK, packs * pack)] if pack else []


def _logged(
    request: GuideRequest, family: Household, promise: Promise | None, *, topic: str | None
) -> HttpResponse:
    """The card as it stands now, or the family's page; a red flag shows whom to call."""
    if topic:
        context = {"hotline": red_flags.card(topic), "family": family}
        return render(request, "guide/calls/_hotline.html", context)
    if promise is not None and request.headers.get("HX-Request") == "true":
        promise.refresh_from_db()
        return render_card(request, promise)
    return redirect("guide:family", family.pk)
