"""The desk's rules: how long things may wait, and who may give how much away alone."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from warmline.base.forms import put_errors
from warmline.core.people.models import Staff
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.service.desk import ruling
from warmline.service.desk.models import Authority, DeskRules, RemedyKind, rules

ROLES = (Staff.Role.GUIDE, Staff.Role.MANAGER, Staff.Role.AGENT, Staff.Role.HQ)
TIMES = {f.name: f.verbose_name for f in DeskRules._meta.concrete_fields if not f.primary_key}
WORDS = {
    "name": gettext_lazy("Name"),
    "finish_days": gettext_lazy("Days to finish"),
    "is_complaint": gettext_lazy("Counts as a complaint"),
    "needs_department": gettext_lazy("A department always hears of it"),
    "is_internal": gettext_lazy("Only we raise it"),
    "is_on": gettext_lazy("In use"),
    "place": gettext_lazy("Place in the list"),
    "keepers": gettext_lazy("Who answers"),
    "parent": gettext_lazy("Belongs to"),
    "code": gettext_lazy("Code"),
}


def views() -> list[tuple[str, str]]:
    """The pages on which head office rules its desk."""
    return [
        (reverse("hq:desk-rules"), _("Times")),
        (reverse("hq:desk-kinds"), _("Kinds of case")),
        (reverse("hq:desk-departments"), _("Departments")),
        (reverse("hq:desk-levels"), _("Authority")),
        (reverse("hq:desk-tree"), _("Causes")),
    ]


def changes(what: str, code: str = "") -> list[tuple[ruling.Change, list[tuple[str, str, str]]]]:
    """What was changed last, in words."""
    return [
        (one, [(_named(name), _said(was), _said(now)) for name, (was, now) in one.changes.items()])
        for one in ruling.changes_of(what, code)
    ]


def _named(name: str) -> str:
    if name in WORDS:
        return str(WORDS[name])
    if name in TIMES:
        return str(TIMES[name])
    role, _space, kind = name.partition(" ")
    roles, kinds = dict(Staff.Role.choices), dict(RemedyKind.choices)
    return f"{roles.get(role, role)} · {kinds.get(kind, kind)}"


def _said(value: Any) -> str:
    match value:
        case None | "":
            return "—"
        case True:
            return _("yes")
        case False:
            return _("no")
        case list():
            return "、".join(map(str, value)) or "—"
    return str(value)


class RulesForm(forms.ModelForm):
    class Meta:
        model = DeskRules
        fields = list(TIMES)

    def _post_clean(self) -> None:
        """The verb checks the row and writes it; the form only reads what was typed."""


def _page(request: HQRequest, form: forms.BaseForm, **more: Any) -> HttpResponse:
    context = {"form": form, "back": reverse("hq:desk"), "views": views(), **more}
    status = 422 if form.is_bound else 200
    return render(request, "hq/desk/settings.html", context, status=status)


@require_http_methods(["GET", "POST"])
@hq_only
def edit(request: HQRequest) -> HttpResponse:
    form = RulesForm(request.POST or None, instance=rules())
    if request.method == "POST" and form.is_valid():
        try:
            ruling.keep_rules(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("hq:desk-rules")
    return _page(
        request,
        form,
        title=_("The desk's times"),
        heading=_("By when is what done?"),
        intro=_("They hold for what comes from now on: an open case keeps the deadlines it has."),
        changes=changes("rules"),
    )


class LevelsForm(forms.Form):
    """A field for each role and each thing that is given; empty is without a limit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {(row.role, row.kind): row.amount_max for row in Authority.objects.all()}
        for role in ROLES:
            for kind in RemedyKind:
                self.fields[f"{role}_{kind}"] = forms.DecimalField(
                    label=f"{role.label} · {kind.label}",
                    required=False,
                    min_value=0,
                    max_digits=9,
                    decimal_places=2,
                    initial=_plain(kept.get((role.value, kind.value), Decimal(0))),
                    widget=forms.NumberInput(
                        {"inputmode": "decimal", "step": "0.01", "placeholder": _("no limit")}
                    ),
                )

    def clean(self) -> dict[str, Any]:
        """Half a form would be read as "without a limit": what was not sent is asked for again."""
        for name in self.fields:
            if name not in self.data:
                self.add_error(name, _("Say how much, or leave it empty on purpose."))
        return self.cleaned_data

    def rows(self) -> list[tuple[Any, list[Any]]]:
        return [(role.label, [self[f"{role}_{kind}"] for kind in RemedyKind]) for role in ROLES]

    def levels(self) -> ruling.Levels:
        said = self.cleaned_data
        return {(r.value, k.value): said[f"{r}_{k}"] for r in ROLES for k in RemedyKind}


def _plain(limit: Decimal | None) -> Decimal | None:
    return limit.quantize(Decimal(1)) if limit is not None and limit == int(limit) else limit


@require_http_methods(["GET", "POST"])
@hq_only
def levels(request: HQRequest) -> HttpResponse:
    form = LevelsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ruling.keep_levels(form.levels(), by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("hq:desk-levels")
    return _page(
        request,
        form,
        title=_("Who may give how much"),
        heading=_("Who may give how much alone?"),
        intro=_(
            "In ¥, for each time. Above it somebody with more is asked, on the phone. Empty is without a"
            " limit; 0 is nothing alone."
        ),
        kinds=[kind.label for kind in RemedyKind],
        rows=form.rows(),
        changes=changes("levels"),
    )
