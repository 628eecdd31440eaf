"""Her cases on her phone: what waits for her by its clock, an answer with the next promised time in
one tap, a hand-over accepted or declined."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from warmline.base.clock import now
from warmline.base.forms import put_errors
from warmline.base.stateful import WrongMove
from warmline.core.contacts import red_flags
from warmline.core.contacts.gates import Blocked
from warmline.core.contacts.models import Medium
from warmline.core.contacts.sending import NoAddress, TooLong
from warmline.core.people.models import Staff
from warmline.core.people.reading import saw_cases
from warmline.doors.guide import remedies
from warmline.doors.guide.access import GuideRequest, staff_only
from warmline.look.days import moment
from warmline.look.tables import Column, as_file, exports_of, stamp
from warmline.service.desk import answering, deciding, macros, owning
from warmline.service.desk.drawing import clocks_of, which, words_of
from warmline.service.desk.history import earlier
from warmline.service.desk.models import Case
from warmline.service.desk.next_words import instant, offered
from warmline.service.desk.opening import topic_of
from warmline.service.desk.stream import lines_of, moved_on

SHOWN = 100
FILED_MAX = 2_000
LINES = 20
HOW = [
    (Medium.PHONE.value, gettext_lazy("On the phone")),
    (Medium.VISIT.value, gettext_lazy("In the store")),
    (Medium.WECOM.value, gettext_lazy("By WeCom")),
]
WHOLE = {"rows": 3}


class Stale(Exception):
    """Something happened to the case since this page was drawn."""


class CaseForm(forms.Form):
    """`seq` says how the case stood when the page was drawn."""

    seq = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, reader: Staff, **kwargs: Any) -> None:
        kwargs["initial"] = {"seq": case.seq, **self.known(case, reader)}
        super().__init__(*args, **kwargs)
        self.case, self.reader = case, reader
        self.prepare()

    def known(self, case: Case, reader: Staff) -> dict[str, Any]:
        """What is filled in already, so that one tap is enough."""
        return {}

    def prepare(self) -> None:
        """What is offered for this case."""

    @property
    def said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seq"}


class AnswerForm(CaseForm):
    use_required_attribute = False

    words = forms.CharField(
        label=gettext_lazy("What did you tell them?"),
        max_length=2000,
        widget=forms.Textarea(WHOLE),
    )
    next_on = forms.ChoiceField(
        label=gettext_lazy("You ring them again"), required=False, widget=forms.RadioSelect
    )
    next_at = forms.DateTimeField(
        label=gettext_lazy("At another time"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local", "data-else-of": "next_on"}),
    )
    medium = forms.ChoiceField(
        label=gettext_lazy("How"), choices=HOW, initial=Medium.PHONE, widget=forms.RadioSelect
    )

    def known(self, case: Case, reader: Staff) -> dict[str, Any]:
        ready = [macros.filled(macro, case, by=reader) for macro in macros.all_on()[:1]]
        words = ready[0].get(get_language() or "") if ready else ""
        times = offered(case)
        return {"words": words, "next_on": times[0].isoformat() if times else ""}

    def prepare(self) -> None:
        said = self.data.get("next_on", "") if self.is_bound else ""
        times = [
            (at.isoformat(), moment(at, now=now().astimezone(at.tzinfo)))
            for at in offered(self.case, said=said)
        ]
        self.fields["next_on"].choices = times  # type: ignore[attr-defined]
        self.fields["next_on"].required = not self.is_bound  # this or `next_at`: not optional
        if self.case.finished_at:
            del self.fields["next_on"], self.fields["next_at"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.case.finished_at:
            return said
        self.fields["next_on"].required = True
        at = said.get("next_at") or instant(said.pop("next_on", "") or "")
        said.pop("next_on", None)
        return {**said, "next_at": at}


class EndForm(CaseForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it?"),
        choices=Case.Outcome.choices,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("What was done, and what did you tell them?"),
        max_length=2000,
        widget=forms.Textarea(WHOLE),
    )


class OfferForm(CaseForm):
    to = forms.ModelChoiceField(
        Staff.objects.none(), label=gettext_lazy("To whom"), empty_label=gettext_lazy("choose")
    )
    words = forms.CharField(label=gettext_lazy("In a few words"), max_length=500, required=False)

    def prepare(self) -> None:
        at_work = Staff.objects.at_work().exclude(pk=self.reader.pk)
        of_store = at_work.filter(store=self.case.store_id, role__in=["guide", "manager"])
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)
        to.queryset = (of_store | at_work.filter(role="agent")).order_by("role", "name")


class RemedyForm(CaseForm):
    """What is given; above what she decides alone somebody with more is asked."""

    kind = remedies.kind_field()
    amount = remedies.amount_field()
    why = forms.CharField(
        label=gettext_lazy("Why?"), max_length=500, widget=forms.Textarea({"rows": 2})
    )

    def prepare(self) -> None:
        self.fields["amount"].help_text = deciding.limits_in_words(self.reader)


class TapForm(CaseForm):
    """One tap."""


@require_safe
@staff_only
def index(request: GuideRequest) -> HttpResponse:
    """Hers first asked for, hers, and what her store has to take."""
    if request.user.store_id is None:
        return redirect("agent:inbox")
    seen = Case.objects.seen_by(request.user).open().by_clock()
    rows = seen.select_related("kind", "owner", "store")

    def saw_these(cases: Any) -> None:
        saw_cases(request, cases, "name", "case")

    if file := as_file(request, rows, _COLUMNS, name="cases", seen=saw_these, most=FILED_MAX):
        return file
    cases = list(rows[:SHOWN])
    saw_these(cases)
    me = request.user.pk
    groups = [
        (_("Will you take it over?"), [c for c in cases if c.offered_to_id == me]),
        (_("Yours"), [c for c in cases if c.owner_id == me]),
        (_("The store's, not taken yet"), [c for c in cases if c.owner_id is None]),
        (_("Your colleagues'"), [c for c in cases if c.owner_id not in (me, None)]),
    ]
    shown = [(words, [(c, words_of(which(c), c.state)) for c in of]) for words, of in groups if of]
    context: dict[str, Any] = {"groups": shown, "n": sum(_waits_for(c, me) for c in cases)}
    context["untaken"] = sum(c.owner_id is None for c in cases)
    context["remedies"] = remedies.waiting(request)
    context["has_desk"] = request.user.role in owning.SUPERVISORS
    context["exports"] = exports_of(request)
    return render(request, "guide/cases/index.html", context)


_COLUMNS = [
    Column(gettext_lazy("Case"), lambda c: c.code),
    Column(gettext_lazy("What it is about"), lambda c: c.gist),
    Column(gettext_lazy("Who"), lambda c: c.name),
    Column(gettext_lazy("Kind"), lambda c: str(c.kind)),
    Column(gettext_lazy("State"), lambda c: c.get_state_display()),
    Column(gettext_lazy("Red flag"), lambda c: c.get_urgency_display() if c.urgency else ""),
    Column(gettext_lazy("Clock"), lambda c: words_of(which(c), c.state)),
    Column(gettext_lazy("Due"), lambda c: stamp(c.due_at) if c.due_at else ""),
    Column(gettext_lazy("Owner"), lambda c: c.owner.name if c.owner else c.get_queue_display()),
]


def _waits_for(case: Case, me: int) -> bool:
    """What is reviewed or fed back waits for somebody else's word."""
    return case.owner_id == me and case.state not in (Case.State.REVIEW, Case.State.FEEDBACK)


def my_case(request: GuideRequest, pk: int) -> Case:
    """A case that she may see: hers, her store's queue, or one she is asked to take over."""
    cases = Case.objects.seen_by(request.user)
    case: Case = get_object_or_404(
        cases.select_related("kind", "store", "owner", "offered_to", "household", "member"), pk=pk
    )
    saw_cases(request, [case], "name", "phone", "case")
    return case


@require_safe
@staff_only
def show(request: GuideRequest, pk: int) -> HttpResponse:
    return page_of(request, my_case(request, pk))


def page_of(request: GuideRequest, case: Case, *, status: int = 200, **more: Any) -> HttpResponse:
    me, reader = request.user.pk, request.user
    told: dict[str, Any] = {"case": case, "reader": reader}
    is_hers = case.owner_id == me
    may_answer = is_hers or case.owner_id is None or reader.role in owning.SUPERVISORS
    lines = lines_of(case, limit=LINES)
    context = {
        "case": case,
        "clocks": clocks_of(case),
        "lines": lines,
        "said": next((x for x in lines if x.is_theirs and x.words), None),
        "history": earlier(case, seen_by=reader),
        "phone": _phone(case),
        "hotline": red_flags.card(topic) if (topic := topic_of(case)) else None,
        "tap": TapForm(**told, auto_id=False),
        "is_offered": case.offered_to_id == me,
        "may_take": case.owner_id is None and not case.closed_at,
        "may_offer": not case.closed_at and (is_hers or reader.role in owning.SUPERVISORS),
        "remedies": remedies.of_case(case, reader),
        **_forms(case, may_answer=may_answer, told=told),
        **more,
    }
    return render(request, "guide/cases/show.html", context, status=status)


def _forms(case: Case, *, may_answer: bool, told: dict[str, Any]) -> dict[str, Any]:
    if case.merged_into_id or not may_answer:
        return {}
    found: dict[str, Any] = {"offer_form": OfferForm(**told, auto_id="offer_%s")}
    if case.answer_by or not case.finished_at:
        found["answer_form"] = AnswerForm(**told, auto_id="answer_%s")
    if not case.finished_at:
        found["end_form"] = EndForm(**told, auto_id="end_%s")
    if not case.closed_at:
        found["remedy_form"] = RemedyForm(**told, auto_id="remedy_%s")
    return found


def _phone(case: Case) -> str:
    if case.member and case.member.phone:
        return str(case.member.phone)
    last = case.arrivals.exclude(phone="").order_by("-pk").first()
    return last.phone if last else ""


def _act(
    request: GuideRequest, pk: int, kind: type[CaseForm], name: str, do: Callable[..., Any]
) -> HttpResponse:
    """One act; what is wrong comes back as it was typed, what happened meanwhile is shown first."""
    case = my_case(request, pk)
    told: dict[str, Any] = {"case": case, "reader": request.user, "auto_id": f"{name}_%s"}
    form = kind(request.POST, **told)
    if form.is_valid():
        try:
            _once(case, form, do)
        except (Stale, WrongMove):
            return _meanwhile(request, pk, kind, name, since=form.cleaned_data["seq"])
        except ValidationError as error:
            put_errors(form, error)
        except Blocked as blocked:
            for refusal in blocked.refusals:
                form.add_error(None, str(refusal.sentence))
        except (NoAddress, TooLong):
            form.add_error(None, _("They cannot be reached this way."))
        else:
            gone = not Case.objects.seen_by(request.user).filter(pk=pk).exists()
            return redirect("guide:cases") if gone else redirect("guide:case", pk)
    return page_of(request, my_case(request, pk), status=422, **{f"{name}_form": form})


@transaction.atomic
def _once(case: Case, form: CaseForm, do: Callable[..., Any]) -> None:
    case.lock()
    if moved_on(case, since=form.cleaned_data["seq"]):
        raise Stale
    do(case, **form.said)


def _meanwhile(
    request: GuideRequest, pk: int, kind: type[CaseForm], name: str, *, since: int
) -> HttpResponse:
    case = my_case(request, pk)
    data = request.POST.copy()
    data["seq"] = str(case.seq)
    form = kind(data, case=case, reader=request.user, auto_id=f"{name}_%s")
    happened = lines_of(case, after=min(since, case.seq))
    more = {
        "meanwhile": happened,
        "is_stale": True,
        "typed": data.get("words") or data.get("why") or "",
    }
    return page_of(request, case, status=409, **{f"{name}_form": form}, **more)


@require_POST
@staff_only
def answer(request: GuideRequest, pk: int) -> HttpResponse:
    def do(case: Case, **said: Any) -> None:
        answering.answer(case, by=request.user, **said)

    return _act(request, pk, AnswerForm, "answer", do)


@require_POST
@staff_only
def end(request: GuideRequest, pk: int) -> HttpResponse:
    def do(case: Case, **said: Any) -> None:
        answering.finish(case, by=request.user, **said)

    return _act(request, pk, EndForm, "end", do)


@require_POST
@staff_only
def offer(request: GuideRequest, pk: int) -> HttpResponse:
    def do(case: Case, **said: Any) -> None:
        owning.offer(case, by=request.user, **said)

    return _act(request, pk, OfferForm, "offer", do)


@require_POST
@staff_only
def give(request: GuideRequest, pk: int) -> HttpResponse:
    def do(case: Case, **said: Any) -> None:
        deciding.give(case, by=request.user, **said)

    return _act(request, pk, RemedyForm, "remedy", do)


TAPS = {"ownership": owning.take, "acceptance": owning.accept, "refusal": owning.decline}


@require_POST
@staff_only
def tap(request: GuideRequest, pk: int, name: str) -> HttpResponse:
    """Take it, accept it, decline it."""

    def do(case: Case) -> None:
        TAPS[name](case, by=request.user)

    return _act(request, pk, TapForm, "tap", do)
