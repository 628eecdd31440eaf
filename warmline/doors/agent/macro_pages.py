"""Macros: what is said often, kept up by those who say it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from warmline.base.forms import put_errors
from warmline.doors.agent.access import DeskRequest, desk_only, supervisors_only
from warmline.doors.agent.inbox import beside
from warmline.look.tables import Column, drawn
from warmline.service.desk.macros import keep_macro
from warmline.service.desk.models import Macro

AREA = {"rows": 4}
LANGUAGES = {"zh": "zh-hans", "en": "en"}


class MacroForm(forms.Form):
    title_zh = forms.CharField(label=_("Its name in Chinese"), max_length=60, required=False)
    text_zh = forms.CharField(
        label=_("Words in Chinese"), max_length=1000, required=False, widget=forms.Textarea(AREA)
    )
    title_en = forms.CharField(label=_("Its name in English"), max_length=60, required=False)
    text_en = forms.CharField(
        label=_("Words in English"), max_length=1000, required=False, widget=forms.Textarea(AREA)
    )
    is_on = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def said(self, what: str) -> dict[str, str]:
        return {code: self.cleaned_data[f"{what}_{x}"] for x, code in LANGUAGES.items()}


@require_safe
@desk_only
def index(request: DeskRequest) -> HttpResponse:
    rows = Macro.objects.all()

    def page() -> dict[str, Any]:
        return {"macros": rows, **beside(request)}

    return drawn(request, "agent/macros/index.html", page, rows, _COLUMNS, name="macros")


def _in(field: str, language: str) -> Callable[[Macro], str]:
    return lambda macro: getattr(macro, field).get(language, "")


_COLUMNS = [
    Column(_("Its name in Chinese"), _in("title", LANGUAGES["zh"])),
    Column(_("Words in Chinese"), _in("text", LANGUAGES["zh"])),
    Column(_("Its name in English"), _in("title", LANGUAGES["en"])),
    Column(_("Words in English"), _in("text", LANGUAGES["en"])),
    Column(_("In use"), lambda macro: gettext("yes") if macro.is_on else gettext("no")),
]


@require_http_methods(["GET", "POST"])
@supervisors_only
def edit(request: DeskRequest, pk: int | None = None) -> HttpResponse:
    macro = get_object_or_404(Macro, pk=pk) if pk else Macro()
    form = MacroForm(request.POST or None, initial=_known(macro))
    if request.method == "POST" and form.is_valid():
        try:
            keep_macro(
                macro,
                title=form.said("title"),
                text=form.said("text"),
                is_on=form.cleaned_data["is_on"],
            )
        except ValidationError as error:
            put_errors(form, error, names={"title": "title_zh", "text": "text_zh"})
        else:
            return redirect("agent:macros")
    context = {"form": form, "macro": macro, **beside(request)}
    status = 422 if form.is_bound else 200
    return render(request, "agent/macros/edit.html", context, status=status)


def _known(macro: Macro) -> dict[str, Any]:
    known = {f"title_{x}": macro.title.get(code, "") for x, code in LANGUAGES.items()}
    known |= {f"text_{x}": macro.text.get(code, "") for x, code in LANGUAGES.items()}
    return {**known, "is_on": macro.is_on}
