"""One batch of families on its way to another guide: who went, who waits, who said no."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from warmline.base.clock import now
from warmline.base.forms import put_errors
from warmline.core.people import handing_over, keeping
from warmline.core.people.models import Handover, HandoverItem, Staff
from warmline.core.people.reading import saw
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.look.tables import Column, listing, stamp

STATES = {"done": "kept", "waiting": "soon", "refused": "quiet"}


class RefusalForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("What does the family say?"), max_length=200)
    instead = forms.ModelChoiceField(
        Staff.objects.none(),
        label=gettext_lazy("Whom would it rather have?"),
        required=False,
        empty_label=gettext_lazy("nobody else: as it was"),
    )

    def __init__(self, *args: Any, item: HandoverItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guides = Staff.objects.at_work().filter(role="guide", store=item.household.store_id)
        choice = self.fields["instead"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = guides.exclude(pk=item.household.home_guide_id).order_by("name")


@require_safe
@hq_only
def show(request: HQRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Handover.objects.select_related("from_guide", "to_guide"), pk=pk)
    rows = batch.items.select_related("household").prefetch_related("household__members")
    rows = rows.order_by("pk")
    answers = keeping.answering(rows.values_list("household", flat=True), now())
    names = dict(Staff.objects.filter(pk__in=set(answers.values())).values_list("pk", "name"))

    def who(item: HandoverItem) -> str:
        found = answers.get(item.household_id)
        return names[found] if found else _("the store's queue")

    def seen(found: Any) -> None:
        saw(request, [item.household_id for item in found], "name")

    columns = [
        Column(
            _("Family"), lambda i: f"#{i.household_id} {i.household}",
            link=lambda i: reverse("guide:family", args=[i.household_id]),
        ),
        Column(
            _("State"), lambda i: i.get_status_display(), state=lambda i: STATES[i.status],
        ),
        Column(_("What it said"), lambda i: i.refused_for),
        Column(_("Who answers now"), who),
        Column(
            _("May say no"), lambda i: _("It says no") if i.status == "waiting" else "",
            link=lambda i: reverse("hq:handover-item", args=[i.pk]) if i.status == "waiting" else "",
        ),
    ]  # fmt: skip
    when = {"when": stamp(batch.takes_effect_at)}
    return listing(
        request,
        "hq/list.html",
        rows,
        columns,
        name=f"handover-{batch.pk}",
        seen=seen,
        title=f"{batch.from_guide} → {batch.to_guide}",
        intro=_("Takes effect at %(when)s; until then a family may say no.") % when,
        icon="handshake",
        why=_("No family is in this batch."),
    )


@require_http_methods(["GET", "POST"])
@hq_only
def refuse(request: HQRequest, pk: int) -> HttpResponse:
    """A family rang head office: it would rather not."""
    items = HandoverItem.objects.select_related("household", "handover__to_guide")
    item = get_object_or_404(items, pk=pk)
    form = RefusalForm(request.POST or None, item=item)
    if request.method == "POST" and form.is_valid():
        try:
            handing_over.refuse(item, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("hq:handover", item.handover_id)
    saw(request, [item.household_id], "name")
    context = {
        "form": form,
        "title": _("%(family)s would rather not be with %(guide)s")
        % {"family": item.household, "guide": item.handover.to_guide},
        "intro": _("It stays with the guide it has; if she has left, its store answers for it."),
        "back": reverse("hq:handover", args=[item.handover_id]),
    }
    return render(request, "hq/form.html", context, status=422 if form.is_bound else 200)
