"""From when on buying is odd enough that a store's manager looks into it; and what was found lately."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from warmline.base.forms import put_errors
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.look.tables import Column, drawn
from warmline.service.care import odd_buying
from warmline.service.care.models import BuyingRule, OddBuying
from warmline.service.desk.models.case import coded

SHOWN = 50
COUNTED = {
    BuyingRule.Kind.HOARD: gettext_lazy("more packs than"),
    BuyingRule.Kind.CARD: gettext_lazy("more receipts than"),
    BuyingRule.Kind.STAFF: gettext_lazy("more receipts than"),
    BuyingRule.Kind.RETURNS: gettext_lazy("more packs than"),
}
SHARE = {
    BuyingRule.Kind.HOARD: gettext_lazy("and above this share of what the babies use (%)"),
    BuyingRule.Kind.RETURNS: gettext_lazy("and above this share of what was bought (%)"),
}


def _number(label: Any, value: int, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, initial=value, min_value=least, max_value=most)


class RuleForm(forms.Form):
    """One rule; each form of the page has its own prefix."""

    is_on = forms.BooleanField(label=gettext_lazy("Is watched"), required=False)

    def __init__(self, said: Any, *, rule: BuyingRule) -> None:
        super().__init__(said, prefix=rule.code, initial={"is_on": rule.is_on})
        self.rule, kind = rule, BuyingRule.Kind(rule.code)
        bounds = odd_buying.BOUNDS
        self.fields["days"] = _number(_("within days"), rule.days, *bounds["days"])
        self.fields["count_max"] = _number(COUNTED[kind], rule.count_max, *bounds["count_max"])
        if kind in SHARE:
            self.fields["percent_max"] = _number(
                SHARE[kind], rule.percent_max, *bounds["percent_max"]
            )


@require_http_methods(["GET", "POST"])
@hq_only
def edit(request: HQRequest) -> HttpResponse:
    """All rules on one page, and what they found."""
    said = request.POST or None
    ruled = [RuleForm(said, rule=rule) for rule in BuyingRule.objects.all()]
    if request.method == "POST" and all(map(RuleForm.is_valid, ruled)) and _keep(request, ruled):
        return redirect("hq:buying")
    found = OddBuying.objects.select_related("rule", "product", "staff", "store", "resolved_by")
    found = found.order_by("-pk")

    def page() -> dict[str, Any]:
        shown = Paginator(found, SHOWN).get_page(request.GET.get("page"))
        rows = [(odd, odd_buying.sentence(odd), _code(odd)) for odd in shown]
        return {"forms": ruled, "rows": rows, "page": shown, "back": reverse("hq:home")}

    template, status = "hq/buying/index.html", 422 if said else 200
    return drawn(request, template, page, found, _columns(), name="odd-buying", status=status)


def _code(odd: OddBuying) -> str:
    return coded(odd.case_id) if odd.case_id else ""


def _columns() -> list[Column]:
    return [
        Column(_("Case"), _code),
        Column(_("Store"), lambda o: o.store.name),
        Column(_("Rule"), lambda o: str(o.rule)),
        Column(_("What was seen"), odd_buying.sentence),
        Column(_("State"), lambda o: o.get_status_display()),
        Column(_("What it was"), lambda o: o.words),
        Column(_("Found by"), lambda o: o.resolved_by.name if o.resolved_by else ""),
    ]


def _keep(request: HQRequest, said: list[RuleForm]) -> bool:
    for form in said:
        try:
            odd_buying.keep_rule(form.rule, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
    return not any(form.errors for form in said)
