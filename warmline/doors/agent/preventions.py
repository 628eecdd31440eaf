"""What was promised so that it does not happen again: by whom, until when, and whether it helped."""

from itertools import chain
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from warmline.base.forms import put_errors
from warmline.doors.agent.access import AT_THE_DESK, DeskRequest, colleague, my_cases
from warmline.doors.agent.inbox import beside
from warmline.look.tables import Column, drawn, stamp
from warmline.service.desk import owning, preventing
from warmline.service.desk.models import Prevention

SHOWN = 50


class DoneForm(forms.Form):
    words = forms.CharField(
        label=_("What was changed?"), max_length=500, widget=forms.Textarea({"rows": 2})
    )


def _blank(prevention: Prevention) -> DoneForm:
    return DoneForm(auto_id=f"done{prevention.pk}_%s")


@require_safe
@colleague
def index(request: DeskRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: DeskRequest, *, form: DoneForm | None = None, about: int = 0, status: int = 200
) -> HttpResponse:
    """Who works at the desk sees all of them; anybody else what she promised herself."""
    owed, looked_at = preventing.owed(), preventing.looked_at()
    if request.user.role not in AT_THE_DESK:
        owed, looked_at = owed.filter(owner=request.user), looked_at.filter(owner=request.user)

    def page() -> dict[str, Any]:
        shown, past = list(owed[:SHOWN]), list(looked_at[:SHOWN])
        return _cards(request, shown, past, form=form, about=about)

    return drawn(
        request, "agent/preventions/index.html", page, chain(owed.all(), looked_at.all()),
        _columns(request), name="preventions", status=status,
    )  # fmt: skip


def _seen(request: DeskRequest, of: Any) -> set[int]:
    """Of these, the cases that she may open; the others' numbers are not hers to know."""
    ids = {p.case_id for p in of if p.case_id}
    return set(my_cases(request).filter(pk__in=ids).values_list("pk", flat=True))


def _columns(request: DeskRequest) -> list[Column]:
    seen = my_cases(request).filter(preventions__isnull=False)
    codes = {case.pk: case.code for case in seen.distinct()}
    return [
        Column(_("What was changed"), lambda p: p.words),
        Column(_("Cause"), lambda p: str(p.cause)),
        Column(_("Owner"), lambda p: p.owner.name),
        Column(_("Case"), lambda p: codes.get(p.case_id, "")),
        Column(_("Due"), lambda p: p.due_on),
        Column(_("State"), lambda p: p.get_status_display()),
        Column(_("Done on"), lambda p: stamp(p.done_at) if p.done_at else ""),
        Column(_("What was changed?"), lambda p: p.done_words),
        Column(_("Looked at on"), lambda p: p.check_on),
        Column(_("Cases before"), lambda p: p.before, is_number=True),
        Column(_("Cases since"), lambda p: p.after, is_number=True),
    ]


def _cards(
    request: DeskRequest,
    shown: list[Prevention],
    past: list[Prevention],
    *,
    form: DoneForm | None,
    about: int,
) -> dict[str, Any]:
    may_all = request.user.role in owning.SUPERVISORS
    rows = []
    for one in shown:
        may = one.status == preventing.Status.PROMISED and (
            may_all or one.owner_id == request.user.pk
        )
        drawn = form if form and one.pk == about else _blank(one)
        so_far = preventing.counts(one) if one.status == preventing.Status.DONE else None
        rows.append((one, drawn if may else None, so_far))
    seen = _seen(request, (*shown, *past))
    return {"rows": rows, "looked_at": past, "seen": seen, **beside(request)}


@require_POST
@colleague
def done(request: DeskRequest, pk: int) -> HttpResponse:
    """It is changed: from today on its cases are counted."""
    mine = Prevention.objects.all()
    if request.user.role not in owning.SUPERVISORS:
        mine = mine.filter(owner=request.user)
    prevention = get_object_or_404(mine, pk=pk)
    form = DoneForm(request.POST, auto_id=f"done{pk}_%s")
    if form.is_valid():
        try:
            preventing.done(prevention, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("agent:preventions")
    return _page(request, form=form, about=pk, status=422)
