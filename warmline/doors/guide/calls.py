"""Logging a call: tap the number, tap what came of it, tap done."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
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
from warmline.look.days import coming_day
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
DRAWN: dict[tuple[str, date, bool, str], SafeString] = {}  # empty forms: language, day, stock, ids
FARTHEST = timedelta(days=366)
UNKNOWN_PACK = gettext_lazy(
    "We do not know how much a pack holds. Say it on the family's page, under the forecast."
)
QUEUED_MAX = timedelta(days=7)  # a call that a phone kept longer is logged as of its arrival
ELSEWHERE = [
    ("0", gettext_lazy("All with us")),
    ("0.25", gettext_lazy("A little elsewhere")),
    ("0.5", gettext_lazy("Half elsewhere")),
    ("0.75", gettext_lazy("Mostly elsewhere")),
]


class DayField(forms.ChoiceField):
    """A day, offered as a choice and sent as a date: it is the day that was meant, even if the page
    was made before midnight or the phone had no network for a while."""

    def valid_value(self, value: Any) -> bool:
        try:
            return bool(date.fromisoformat(value))
        except ValueError:
            return False


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
    next_on = DayField(label=gettext_lazy("Call again"), required=False, widget=forms.RadioSelect)
    next_date = forms.DateField(
        label=gettext_lazy("On another day"),
        required=False,
        widget=forms.DateInput({"type": "date", "data-else-of": "next_on"}),
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
    elsewhere = forms.ChoiceField(
        label=gettext_lazy("How much of it do they buy elsewhere?"),
        choices=[("", gettext_lazy("Not asked")), *ELSEWHERE],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args: Any,
        family: Household,
        promise: Promise | None = None,
        said_at: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.family, self.said_at = family, said_at
        self.asks_stock = bool(promise and promise.why.get("category"))  # packs of what?
        self.here = today(family.store.zone)
        days = [self.here + timedelta(days=n) for n in range(1, DAYS_OFFERED + 1)]
        said = self.data.get("next_on", "") if self.is_bound else ""
        if self.fields["next_on"].valid_value(said):  # type: ignore[attr-defined]
            days = sorted({*days, date.fromisoformat(said)})
        self.fields["next_on"].choices = [("", _("No need"))] + [  # type: ignore[attr-defined]
            (d.isoformat(), coming_day(d, today=self.here)) for d in days
        ]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        name = "next_date" if said.get("next_date") else "next_on"
        day = self._day(said)
        if day and not self._said_on() <= day <= self.here + FARTHEST:
            self.add_error(name, _("Choose a day from today on, within a year."))
        return said

    def _said_on(self) -> date:
        return self.said_at.astimezone(self.family.store.zone).date() if self.said_at else self.here

    def _day(self, said: dict[str, Any]) -> date | None:
        if on := said.get("next_date"):
            return on
        return date.fromisoformat(said["next_on"]) if said.get("next_on") else None

    def drawn(self) -> SafeString:
        """What is asked, as HTML. As long as nothing is filled in, it is the same for everybody."""
        if self.is_bound:
            return self._draw()
        whose = get_language(), self.here, self.asks_stock, str(self.auto_id)
        drawn = DRAWN.get(whose)
        if drawn is None:
            drawn = self._draw()
            if len(DRAWN) >= DRAWN_MAX:
                DRAWN.clear()  # other threads may be reading: nobody relies on what is in it
            DRAWN[whose] = drawn
        return drawn

    def _draw(self) -> SafeString:
        return render_to_string("guide/calls/_fields.html", {"form": self})

    def next_promise(self) -> Next | None:
        """The promise made in the call, as an instant in the store's zone."""
        said = self.cleaned_data
        day = self._day(said)
        if not day:
            return None
        store = self.family.store
        if said["next_time"]:
            at = datetime.combine(day, said["next_time"], store.zone)
        else:
            at = calendar.sundown(store, day)
        return Next(at, said["next_words"])


def new_form(family: Household, promise: Promise | None = None, *, ids: str = "log") -> CallForm:
    initial = {"key": uuid4().hex, "promise": promise.pk if promise else None}
    return CallForm(family=family, promise=promise, initial=initial, auto_id=f"{ids}_%s")


@require_safe
@staff_only
def sheet(request: GuideRequest, pk: int) -> HttpResponse:
    """Which rule says not now, what to say, what not to say, and the form, over the list."""
    promise = my_promise(request, pk)
    family = promise.household
    card = cards_of([promise], store=family.store)[0]
    context = {
        "card": card,
        "form": new_form(family, promise, ids="call"),
        "family": family,
        "refusals": gates.check(family, promise.purpose, promise.channel, now()),
    }
    return render(request, "guide/calls/_sheet.html", context)


@require_POST
@staff_only
def log(request: GuideRequest, pk: int) -> HttpResponse:
    family = my_family(request, pk)
    promise = _its_promise(request)
    at = _said_at(request)
    ids = "call_%s" if _is_sheet(request) else "log_%s"
    form = CallForm(request.POST, family=family, promise=promise, said_at=at, auto_id=ids)
    if form.is_valid():
        said = form.cleaned_data
        try:
            call = log_call(
                key=f"{request.user.pk}:{said['key']}",
                household=family,
                by=request.user,
                outcome=said["outcome"],
                promise=promise,
                note=said["note"],
                medium=said["medium"] or Medium.PHONE,
                at=at,
                next_=form.next_promise(),
                heard=_heard(form, promise),
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            return _logged(request, family, promise, topic=call.red_flag)
    return _asked_again(request, family, form, promise)


def _its_promise(request: GuideRequest) -> Promise | None:
    """The promise that the call was made for; most calls of the family's page were made for none."""
    if not (number := request.POST.get("promise", "")):
        return None
    if not number.isdecimal():
        raise Http404
    return my_promise(request, int(number))


def _is_sheet(request: GuideRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _said_at(request: GuideRequest) -> datetime | None:
    """When the call was made, if the phone had no network and kept it for a while. It tells how long
    rather than when: its clock may be wrong."""
    waited = request.headers.get("X-Waited-S", "")
    if not waited.isdecimal() or len(waited) > 7:
        return None
    ago = timedelta(seconds=int(waited))
    return now() - ago if ago <= QUEUED_MAX else None


def _heard(form: CallForm, promise: Promise | None) -> list[Heard]:
    """Packs at home are counted in packs and kept in the category's unit."""
    packs, elsewhere = form.cleaned_data["stock"], form.cleaned_data["elsewhere"]
    category = promise.why.get("category") if promise else None
    if not category:
        return []
    heard = [Heard(category, Correction.Kind.ELSEWHERE, float(elsewhere))] if elsewhere else []
    if packs is not None:
        row = form.family.run_outs.filter(category__code=category).first()
        if packs and not (row and row.pack):
            raise ValidationError({"stock": UNKNOWN_PACK})
        heard.append(Heard(category, Correction.Kind.STOCK, packs * (row.pack if row else 0.0)))
    return heard


def _asked_again(
    request: GuideRequest, family: Household, form: CallForm, promise: Promise | None
) -> HttpResponse:
    """Something is missing: the form with all that was typed, in its sheet or on the family's page."""
    if not _is_sheet(request):
        from warmline.doors.guide.family import file_of  # the file shows this form

        return file_of(request, family, status=422, form=form)
    context = {"form": form, "family": family, "swaps": promise and promise.pk}
    answer = render(request, "guide/calls/_form.html", context, status=422)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#call-form", "outerHTML"
    return answer


def hotline(request: GuideRequest, family: Household, topic: str) -> HttpResponse:
    """Whom to ring, what to say and what not to say: over the list, or as a page of its own."""
    context = {"hotline": red_flags.card(topic), "family": family}
    name = "_hotline" if _is_sheet(request) else "hotline"
    answer = render(request, f"guide/calls/{name}.html", context)
    answer["X-Look-At"] = reverse(
        "guide:family", args=[family.pk]
    )  # a phone that sends what it kept
    return answer


def _logged(
    request: GuideRequest, family: Household, promise: Promise | None, *, topic: str | None
) -> HttpResponse:
    """The card as it stands now, or the family's page; a red flag shows whom to call."""
    if topic:
        return hotline(request, family, topic)
    if promise is not None and _is_sheet(request):
        promise.refresh_from_db()
        return render_card(request, promise)
    return redirect("guide:family", family.pk)
