"""Touch rules: the budget of each purpose, and the hours in which nobody is rung or texted."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from warmline.core.contacts.models import Budget, Purpose, QuietHours
from warmline.core.contacts.ruling import keep_budgets, keep_quiet_hours
from warmline.doors.hq.access import HQRequest, hq_only

HOURS = {
    "begins": gettext_lazy("Nothing from"),
    "ends": gettext_lazy("until"),
    "sales_begins": gettext_lazy("No offers from"),
    "sales_ends": gettext_lazy("until"),
}
FREE = {Purpose.RECALL, Purpose.LOGISTICS}  # never blocked


class RulesForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept, hours = {b.purpose: b for b in Budget.objects.all()}, QuietHours.objects.first()
        for purpose in Purpose:
            if purpose in FREE:
                continue
            rule = kept.get(purpose.value) or Budget(tries_max=3, days=7, is_hard=False)
            self.fields[f"{purpose}_tries"] = forms.IntegerField(
                label=_("%(what)s: attempts at most") % {"what": purpose.label},
                min_value=0, max_value=100, initial=rule.tries_max,
            )  # fmt: skip
            self.fields[f"{purpose}_days"] = forms.IntegerField(
                label=_("%(what)s: within days") % {"what": purpose.label},
                min_value=1, max_value=365, initial=rule.days,
            )  # fmt: skip
            self.fields[f"{purpose}_hard"] = forms.BooleanField(
                label=_("%(what)s: a guide cannot go beyond it") % {"what": purpose.label},
                required=False, initial=rule.is_hard,
            )  # fmt: skip
        for name, label in HOURS.items():
            self.fields[name] = forms.TimeField(
                label=label,
                widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
                initial=getattr(hours, name, None),
            )

    def keep(self) -> None:
        said = self.cleaned_data
        keep_budgets(
            {
                purpose.value: {
                    "tries_max": said[f"{purpose}_tries"],
                    "days": said[f"{purpose}_days"],
                    "is_hard": said[f"{purpose}_hard"],
                }
                for purpose in Purpose
                if purpose not in FREE
            }
        )
        keep_quiet_hours(**{name: said[name] for name in HOURS})


@require_http_methods(["GET", "POST"])
@hq_only
def edit(request: HQRequest) -> HttpResponse:
    form = RulesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.keep()
        return redirect("hq:rules")
    context = {
        "form": form,
        "title": _("Touch rules"),
        "heading": _("How often may we come to a family?"),
        "intro": _("Attempts count, answered or not. Recalls and deliveries are never blocked."),
        "back": reverse("hq:home"),
    }
    return render(request, "hq/form.html", context, status=422 if form.is_bound else 200)
