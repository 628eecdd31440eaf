"""Two records, one family: found by the same phone, merged with a way back."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from warmline.core.people import merging
from warmline.core.people.models import Household, Merge
from warmline.core.people.reading import saw
from warmline.core.people.twins import same_phone_pairs
from warmline.doors.hq.access import HQRequest, hq_only


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
    pairs = same_phone_pairs(limit=50)
    done = Merge.objects.select_related("kept", "by").prefetch_related("kept__members")
    done = done.order_by("-pk")[:50]
    shown = {family.pk for pair in pairs for family in pair} | {merge.kept_id for merge in done}
    saw(request, shown, "name", "phone")
    context = {"form": form, "pairs": pairs, "done": done}
    return render(request, "hq/merges.html", context, status=422 if form.is_bound else 200)


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
