"""What departments owe an answer to: a finding of a case, by a date; a change, or why nothing."""

from itertools import chain
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from warmline.base.forms import put_errors
from warmline.base.stateful import WrongMove
from warmline.doors.agent.access import DeskRequest, audit, colleague
from warmline.doors.agent.inbox import beside
from warmline.look.tables import Column, drawn, stamp
from warmline.service.desk import feeding_back
from warmline.service.desk.models import Case, Feedback

OWED_SHOWN = 200
ANSWERED_SHOWN = 20


class ReplyForm(forms.Form):
    is_change = forms.TypedChoiceField(
        label=_("What came of it?"),
        choices=[("1", _("We change something")), ("0", _("No change, because"))],
        coerce=lambda said: said == "1",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What changes, or why nothing"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )


@require_safe
@colleague
def index(request: DeskRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: DeskRequest, *, form: ReplyForm | None = None, about: int = 0, status: int = 200
) -> HttpResponse:
    owing = feeding_back.inbox_of(request.user).select_related("asked_by")
    done = Feedback.objects.exclude(status=Feedback.Status.ASKED)
    done = done.filter(department__keepers=request.user).order_by("-answered_at")
    done = done.select_related("case__kind", "department", "asked_by", "answered_by")

    def page() -> dict[str, Any]:
        owed, answered = list(owing[:OWED_SHOWN]), list(done[:ANSWERED_SHOWN])
        return _cards(request, owed, answered, form=form, about=about)

    def seen(found: Any) -> None:
        audit(request, [f.case for f in found], "case")

    return drawn(
        request, "agent/feedback/index.html", page, chain(owing.all(), done.all()), _COLUMNS,
        name="departments", file_seen=seen, status=status,
    )  # fmt: skip


def _cards(
    request: DeskRequest,
    owed: list[Feedback],
    answered: list[Feedback],
    *,
    form: ReplyForm | None,
    about: int,
) -> dict[str, Any]:
    audit(request, [f.case for f in (*owed, *answered)], "case")
    ids = {f.case_id for f in (*owed, *answered)}
    seen = set(Case.objects.seen_by(request.user).filter(pk__in=ids).values_list("pk", flat=True))
    return {
        "owed": [(f, f.case_id in seen, form if f.pk == about else _blank(f)) for f in owed],
        "answered": [(f, f.case_id in seen) for f in answered],
        "departments": request.user.departments.all(),
        **beside(request),
    }


_COLUMNS = [
    Column(_("Department"), lambda f: str(f.department)),
    Column(_("Case"), lambda f: f.case.code),
    Column(_("Kind"), lambda f: str(f.case.kind)),
    Column(_("What the case showed"), lambda f: f.finding),
    Column(_("Asked by"), lambda f: f.asked_by.name if f.asked_by else ""),
    Column(_("Asked on"), lambda f: stamp(f.asked_at)),
    Column(_("Due"), lambda f: stamp(f.due_at)),
    Column(_("State"), lambda f: f.get_status_display()),
    Column(_("Answer"), lambda f: f.answer),
    Column(_("Answered by"), lambda f: f.answered_by.name if f.answered_by else ""),
    Column(_("Answered on"), lambda f: stamp(f.answered_at) if f.answered_at else ""),
]


def _blank(feedback: Feedback) -> ReplyForm:
    return ReplyForm(auto_id=f"reply{feedback.pk}_%s")


@require_POST
@colleague
def reply(request: DeskRequest, pk: int) -> HttpResponse:
    """Only a keeper of the department that was asked; once."""
    mine = Feedback.objects.filter(department__keepers=request.user)
    feedback = get_object_or_404(mine, pk=pk)
    if feedback.status != Feedback.Status.ASKED:
        raise WrongMove(feedback, was=feedback.status, to="answered")
    form = ReplyForm(request.POST, auto_id=f"reply{pk}_%s")
    if form.is_valid():
        try:
            feeding_back.answer_feedback(feedback, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("agent:feedback")
    return _page(request, form=form, about=pk, status=422)
