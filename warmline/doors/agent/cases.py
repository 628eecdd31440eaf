"""A case's page: its clocks and stamps, what happened, who they are and what they brought before, and
every act that is possible now."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from warmline.base.forms import put_errors
from warmline.base.stateful import WrongMove
from warmline.core.contacts import red_flags
from warmline.core.contacts.gates import Blocked
from warmline.core.contacts.sending import NoAddress, TooLong
from warmline.core.people.models import Household, Staff
from warmline.core.people.reading import saw
from warmline.doors.agent import evidence
from warmline.doors.agent.access import DeskRequest, desk_only, my_case, my_cases
from warmline.doors.agent.acts import BY_NAME, Act, first, possible
from warmline.doors.agent.alike import side_by_side
from warmline.doors.agent.decisions import DecisionForm, form_of
from warmline.doors.agent.forms import ActForm
from warmline.doors.agent.inbox import beside
from warmline.service.desk import deciding, joining_up, macros, presence
from warmline.service.desk.drawing import clocks_of, stamps_of
from warmline.service.desk.history import earlier
from warmline.service.desk.models import Case, Photo, Remedy
from warmline.service.desk.opening import topic_of
from warmline.service.desk.picturing import picture_of
from warmline.service.desk.stream import LINES, lines_of, moved_on

MANY = 400


class Stale(Exception):
    """Something happened to the case since this form was drawn."""


@require_safe
@desk_only
def show(request: DeskRequest, pk: int) -> HttpResponse:
    return page_of(request, my_case(request, pk))


@require_POST
@desk_only
def act(request: DeskRequest, pk: int, name: str) -> HttpResponse:
    """Do one thing. What is wrong comes back with everything typed; what somebody else did meanwhile
    is shown first."""
    if name not in BY_NAME:
        raise Http404
    case, what = my_case(request, pk), BY_NAME[name]
    form = what.form(request.POST, case=case, staff=request.user, name=name)
    if not form.is_valid():
        return page_of(request, case, form=form, doing=what, status=422)
    since = form.cleaned_data["seq"]
    try:
        _do(case, what, form, by=request.user)
    except (Stale, WrongMove):
        return _meanwhile(request, pk, what, since=since)
    except ValidationError as error:
        put_errors(form, error)
    except Blocked as blocked:
        for refusal in blocked.refusals:
            form.add_error(None, str(refusal.sentence))
    except NoAddress:
        form.add_error(None, _("There is no address for this way of telling them."))
    except TooLong:
        form.add_error(None, _("This is too long for a text message."))
    else:
        return redirect("agent:case", pk)
    return page_of(request, my_case(request, pk), form=form, doing=what, status=422)


@transaction.atomic
def _do(case: Case, what: Act, form: ActForm, *, by: Staff) -> None:
    case.lock()
    if moved_on(case, since=form.cleaned_data["seq"]):
        raise Stale
    what.do(case, by, form.said)


def _meanwhile(request: DeskRequest, pk: int, what: Act, *, since: int) -> HttpResponse:
    """A 409: what happened since, and the same form with the same words if it can still be sent."""
    case = my_case(request, pk)
    data = request.POST.copy()
    data["seq"] = str(case.seq)
    form = what.form(data, case=case, staff=request.user, name=what.name)
    return page_of(
        request,
        case,
        form=form if what.may(case, request.user) else None,
        doing=what,
        status=409,
        meanwhile=lines_of(case, after=min(since, case.seq)),
        form_is_there=what.may(case, request.user),
        typed=data.get("words") or data.get("because") or data.get("finding") or "",
        is_stale=True,
    )


def page_of(
    request: DeskRequest,
    case: Case,
    *,
    form: ActForm | None = None,
    doing: Act | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    acts = possible(case, request.user)
    if form is not None and doing is not None and doing not in acts:
        acts = [doing, *acts]  # refused, and shown with what was typed
    asked = request.GET.get("do", "")
    odd = evidence.of_case(request, case) if case.kind.is_internal else None
    usual = "" if odd and odd.form else first(case, acts)  # what it was is said first
    shown = doing.name if doing else asked if asked in {a.name for a in acts} else usual
    lines = lines_of(case, limit=MANY if "all" in request.GET else LINES)
    context = {
        "case": case,
        "clocks": clocks_of(case),
        "stamps": stamps_of(case),
        "lines": lines,
        "has_more": len(lines) == LINES and lines[-1].seq > 1,
        "acts": [(act, _form(act, case, request, form, doing), act.name == shown) for act in acts],
        "macros": _macros(case, request.user, acts),
        "history": earlier(case, seen_by=request.user),
        "linked": my_cases(request).filter(pk__in=joining_up.linked(case).values("pk")),
        "photos": case.photos.defer("sealed").order_by("pk"),
        "hotline": red_flags.card(topic) if (topic := topic_of(case)) else None,
        "findings": case.feedback.select_related("department", "answered_by").order_by("pk"),
        "others": _others(request, case),
        "remedies": _remedies(case, request.user),
        "alike": side_by_side(case, seen_by=request.user),
        "odd": odd,
        "preventions": case.preventions.select_related("owner").order_by("pk"),
        **_who(request, case),
        **beside(request),
        **more,
    }
    return render(request, "agent/case/index.html", context, status=status)


def _form(
    act: Act, case: Case, request: DeskRequest, form: ActForm | None, doing: Act | None
) -> ActForm:
    if form is not None and doing is not None and doing.name == act.name:
        return form
    return act.form(case=case, staff=request.user, name=act.name)


def _macros(case: Case, staff: Staff, acts: list[Act]) -> list[Any]:
    """Words ready to be put in, in both languages; the family's own first."""
    if not any(act.name == "answer" for act in acts):
        return []
    found = [(macro, macros.filled(macro, case, by=staff)) for macro in macros.all_on()]
    return [
        (
            name,
            [
                (macro.title.get(code) or str(macro), said[code])
                for macro, said in found
                if code in said
            ],
        )
        for code, name in (("zh-hans", "中文"), ("en", "English"))
    ]


def _remedies(case: Case, staff: Staff) -> list[tuple[Remedy, DecisionForm | None]]:
    """What is given or asked for; with a form where her yes or no counts."""
    found = case.remedies.select_related("asked_by", "decided_by").order_by("pk")
    return [(r, form_of(r) if deciding.may_say(staff, r) else None) for r in found]


def _others(request: DeskRequest, case: Case) -> list[presence.Other]:
    if request.user.role == Staff.Role.AUDITOR or case.closed_at:
        return []
    return presence.come(case, request.user)


def _who(request: DeskRequest, case: Case) -> dict[str, Any]:
    """Who asks: the family with its babies and what not to say to it, or a stranger's number."""
    family = case.household
    if family is None or not Household.objects.seen_by(request.user).filter(pk=family.pk).exists():
        last = case.arrivals.exclude(phone="").order_by("-pk").first()
        return {
            "family": None,
            "phone": last.phone if last else "",
            "email": last.email if last else "",
        }
    members = list(family.members.all())
    saw(request, [family.pk], "child", "note")
    return {
        "family": family,
        "phone": next((m.phone for m in [case.member, *members] if m and m.phone), ""),
        "email": next((m.email for m in [case.member, *members] if m and m.email), ""),
        "children": family.children.filter(frozen_at__isnull=True).order_by("-born_on"),
        "notes": family.memory_notes.filter(dropped_at__isnull=True).order_by("kind", "pk"),
    }


@require_POST
@desk_only
def here(request: DeskRequest, pk: int) -> HttpResponse:
    """The page is still open: who else has it open, and whether the case has moved on."""
    case = get_object_or_404(my_cases(request), pk=pk)
    writes = request.POST.get("writing") == "1"
    others = presence.come(case, request.user, is_writing=writes)
    seq = request.POST.get("seq", "")
    changed = moved_on(case, since=int(seq)) if seq.isdecimal() and len(seq) < 9 else 0
    context = {"others": others, "changed": changed, "case": case}
    return render(request, "agent/case/_presence.html", context)


@require_safe
@desk_only
def photo(request: DeskRequest, pk: int, photo: int) -> HttpResponse:
    found: Photo = get_object_or_404(my_case(request, pk).photos, pk=photo)
    response = HttpResponse(picture_of(found), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return response
