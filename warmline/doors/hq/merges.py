"""Two records, one family: found by the same phone, merged with a way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from warmline.core.people import merging
from warmline.core.people.models import Household, Merge
from warmline.core.people.reading import saw
from warmline.core.people.twins import same_phone_pairs
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.look.tables import Column, drawn, stamp

SHOWN = 50
WRITTEN = 1000


class MergeForm(forms.Form):
    kept = forms.ModelChoiceField(
        Household.objects.filter(merged_into__isnull=True),
        label=gettext_lazy("Number of the family that stays"),
        widget=forms.NumberInput,
    )
    merged = forms.ModelChoiceField(
        Household.objects.filter(merged_into__isnull=True),
        label=gettext_lazy("Number of the family that joins it"),
        widget=forms.NumberInput,
    )


@require_http_methods(["GET", "POST"])
@hq_only
def index(request: HQRequest) -> HttpResponse:
    form = MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            merging.merge(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("hq:merges")

    def page() -> dict[str, Any]:
        pairs, done = same_phone_pairs(limit=SHOWN), list(_done()[:SHOWN])
        shown = {family.pk for pair in pairs for family in pair} | {merge.kept_id for merge in done}
        saw(request, shown, "name", "phone")
        return {"form": form, "pairs": pairs, "done": done}

    def seen(lines: Any) -> None:
        saw(request, {pk for line in lines for pk in line.shows}, "name", "phone")

    status = 422 if form.is_bound else 200
    return drawn(
        request, "hq/merges.html", page, _lines(), _columns(), name="merges",
        file_seen=seen, status=status,
    )  # fmt: skip


def _done() -> Any:
    done = Merge.objects.select_related("kept__store", "by").prefetch_related("kept__members")
    return done.order_by("-pk")


@dataclass(frozen=True)
class Line:
    """A pair to look at, or one that was merged; of the record that is gone only its number."""

    stays: Household
    joins: int
    joins_name: str
    state: str
    done: Merge | None = None

    @property
    def shows(self) -> set[int]:
        return {self.stays.pk} if self.done else {self.stays.pk, self.joins}


def _lines() -> Iterator[Line]:
    for stays, joins in same_phone_pairs(limit=WRITTEN):
        yield Line(stays, joins.pk, str(joins), _("They share a telephone"))
    for done in _done():
        state = _("undone") if done.undone_at else _("Merged")
        yield Line(done.kept, done.merged_id, "", state, done)


def _columns() -> list[Column]:
    return [
        Column(_("Number of the family that stays"), lambda x: x.stays.pk, is_number=True),
        Column(_("Stays"), lambda x: str(x.stays)),
        Column(_("Store"), lambda x: x.stays.store.name),
        Column(_("Number of the family that joins it"), lambda x: x.joins, is_number=True),
        Column(_("Joins it"), lambda x: x.joins_name),
        Column(_("State"), lambda x: x.state),
        Column(_("When"), lambda x: stamp(x.done.at) if x.done else ""),
        Column(_("By"), lambda x: str(x.done.by or "") if x.done else ""),
    ]


@require_POST
@hq_only
def undo(request: HQRequest, pk: int) -> HttpResponse:
    done = get_object_or_404(Merge, pk=pk, undone_at__isnull=True)
    try:
        merging.undo(done, by=request.user)
    except ValidationError as error:
        form = MergeForm(data={})
        form.errors.clear()
        form.add_error(None, error)
        saw(request, [done.kept_id], "name")
        context = {"form": form, "pairs": [], "done": [done]}
        return render(request, "hq/merges.html", context, status=422)
    return redirect("hq:merges")
