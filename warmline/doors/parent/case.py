"""A family's page of its case: what was said, what comes next, until when, and whom to ask for."""

from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from warmline.base.forms import put_errors
from warmline.doors.parent.access import case_page, too_often
from warmline.doors.parent.forms import MoreForm, NotSolvedForm, RatingForm
from warmline.service.desk import asking
from warmline.service.desk.asking import TooOften
from warmline.service.desk.models import Case, Channel
from warmline.service.desk.picturing import picture_of
from warmline.service.desk.progress import photos_of, progress


@require_safe
@case_page
def index(request: HttpRequest, case: Case) -> HttpResponse:
    # The store's page gave its link to whoever typed the number: it leads to no other case of theirs.
    if case.merged_into and case.channel != Channel.WEB:
        return redirect("parent:case", case.merged_into.token)
    return _page(request, case)


def _page(request: HttpRequest, case: Case, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "case": case,
        "progress": progress(case),
        "more": MoreForm(),
        "unsolved": NotSolvedForm(auto_id="unsolved_%s"),
        "scores": range(1, 6),
        **forms,
    }
    return render(request, "parent/case/index.html", context, status=status)


@require_POST
@case_page
def add(request: HttpRequest, case: Case) -> HttpResponse:
    form = MoreForm(request.POST, request.FILES)
    if form.is_valid():
        said = form.cleaned_data
        try:
            asking.add(
                case, words=said["words"], key=f"{said['key']}:{case.pk}", photos=said["photos"]
            )
        except TooOften:
            return too_often(request)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("parent:case", case.token)
    return _page(request, case, status=422, more=form)


@require_POST
@case_page
def not_solved(request: HttpRequest, case: Case) -> HttpResponse:
    form = NotSolvedForm(request.POST, auto_id="unsolved_%s")
    if not form.is_valid():
        return _page(request, case, status=422, unsolved=form)
    said = form.cleaned_data
    try:
        asking.not_solved(case, words=said["words"], key=f"{said['key']}:{case.pk}")
    except TooOften:
        return too_often(request)
    return redirect("parent:case", case.token)


@require_POST
@case_page
def rate(request: HttpRequest, case: Case) -> HttpResponse:
    form = RatingForm(request.POST)
    if form.is_valid():
        with suppress(ValidationError):  # rated already: the page says how
            asking.rate(case, form.cleaned_data["score"])
    return redirect("parent:case", case.token)


@require_safe
@case_page
def photo(request: HttpRequest, case: Case, pk: int) -> HttpResponse:
    picture = picture_of(get_object_or_404(photos_of(case), pk=pk))
    response = HttpResponse(picture, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return response
