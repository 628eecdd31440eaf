"""Playbooks: head office writes a rule, tries it on last month, and switches it on."""

from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from warmline.base.forms import put_errors
from warmline.base.i18n import LANGUAGES
from warmline.core.contacts.models import Medium, Purpose
from warmline.core.people.reading import saw
from warmline.core.playbooks import conditions, editing, previewing
from warmline.core.playbooks.facts import Fact, Type, facts_of, signal_names
from warmline.core.playbooks.models import Playbook
from warmline.core.promises.kinds import NAMES
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.look.tables import Column, listing

WORDS = {
    "name": gettext_lazy("Name of the playbook"),
    "concern": gettext_lazy("Why the family cares"),
    "title": gettext_lazy("On the card"),
    "say": gettext_lazy("What to say"),
    "avoid": gettext_lazy("What not to say"),
}
SPOKEN = {"zh-hans": "中文", "en": "English"}
LINES = 6


class PlaybookForm(forms.Form):
    """The rule as a form: when, for whom, who keeps it, by when, and in which words."""

    signal = forms.ChoiceField(label=gettext_lazy("When this happens"))
    promise_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of promise"), choices=[(k, v) for k, v in NAMES.items()]
    )
    who = forms.ChoiceField(label=gettext_lazy("Who keeps it"), choices=Playbook.Who)
    days_after = forms.IntegerField(
        label=gettext_lazy("Days after (before: negative)"), min_value=-60, max_value=365
    )
    due = forms.ChoiceField(label=gettext_lazy("Due"), choices=Playbook.Due)
    within_hours = forms.IntegerField(
        label=gettext_lazy("Hours, where due within hours"), min_value=1, max_value=240
    )
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=Purpose)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Medium)
    weight = forms.FloatField(
        label=gettext_lazy("Weight: what is lost by waiting"), min_value=0, max_value=100
    )

    def __init__(self, *args: Any, playbook: Playbook, **kwargs: Any) -> None:
        self.playbook = playbook
        kwargs["initial"] = {n: getattr(playbook, n) for n in self.base_fields} | _words(playbook)
        super().__init__(*args, **kwargs)
        self.fields["signal"].choices = list(signal_names().items())  # type: ignore[attr-defined]
        for name, label in WORDS.items():
            for language in LANGUAGES:
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=f"{label} · {SPOKEN[language]}",
                    required=name in ("name", "title") and language == LANGUAGES[0],
                    max_length=1000,
                    widget=forms.Textarea({"rows": 2}) if name in ("say", "avoid") else None,
                )
        self._offer_conditions(playbook)

    def _offer_conditions(self, playbook: Playbook) -> None:
        kind = self.data.get("signal") or playbook.signal
        self.facts = {fact.name: fact for fact in facts_of(kind)}
        facts = [("", "—"), *((f.name, f.label) for f in self.facts.values())]
        for n in range(LINES):
            line = playbook.conditions[n] if n < len(playbook.conditions) else {}
            self.fields[f"fact_{n}"] = forms.ChoiceField(
                label=_("Only if"), choices=facts, required=False, initial=line.get("fact", "")
            )
            self.fields[f"is_{n}"] = forms.ChoiceField(
                label=_("compares"), choices=list(conditions.COMPARISONS.items()),
                required=False, initial=line.get("is", "equal"),
            )  # fmt: skip
            self.fields[f"value_{n}"] = forms.CharField(
                label=_("with"), required=False, max_length=400, initial=_shown(line.get("value")),
                help_text=_offered(self.facts.get(line.get("fact", ""))),
            )  # fmt: skip

    def lines(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"fact_{n}"], self[f"is_{n}"], self[f"value_{n}"]) for n in range(LINES)]

    def plain(self) -> list[Any]:
        return [self[name] for name in self.base_fields]

    def worded(self) -> list[Any]:
        return [self[f"{name}_{language}"] for name in WORDS for language in LANGUAGES]

    def changes(self) -> dict[str, Any]:
        said = self.cleaned_data
        changes = {name: said[name] for name in self.base_fields}
        for name in WORDS:
            spoken = {language: said[f"{name}_{language}"] for language in LANGUAGES}
            changes[name] = {k: v for k, v in spoken.items() if v}
        changes["conditions"] = [
            {
                "fact": said[f"fact_{n}"],
                "is": said[f"is_{n}"] or "equal",
                "value": _read(
                    said[f"value_{n}"], self.facts.get(said[f"fact_{n}"]), said[f"is_{n}"]
                ),
            }
            for n in range(LINES)
            if said[f"fact_{n}"]
        ]
        return changes


def _words(playbook: Playbook) -> dict[str, str]:
    script = playbook.script if playbook.script_id else None
    found = {"name": playbook.name, "concern": playbook.concern}
    for name in ("title", "say", "avoid"):
        found[name] = getattr(script, name, {})
    return {f"{n}_{lang}": w.get(lang, "") for n, w in found.items() for lang in LANGUAGES}


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return (
        {True: "yes", False: "no", None: ""}.get(value, str(value))
        if (isinstance(value, bool) or value is None)
        else str(value)
    )


def _offered(fact: Fact | None) -> str:
    return " · ".join(f"{value} = {label}" for value, label in fact.choices) if fact else ""


def _read(text: str, fact: Fact | None, comparison: str) -> Any:
    if comparison in conditions.OF_LISTS:
        parts = [p.strip() for p in text.replace("，", ",").split(",") if p.strip()]
        return [_one(part, fact) for part in parts]
    return _one(text.strip(), fact)


def _one(text: str, fact: Fact | None) -> Any:
    if fact is None:
        return text
    if fact.type == Type.YES_NO:
        return {
            "yes": True,
            "true": True,
            "是": True,
            "no": False,
            "false": False,
            "否": False,
        }.get(text.lower(), text)
    wants_number = fact.type == Type.NUMBER or (
        fact.choices and isinstance(fact.choices[0][0], int)
    )
    if wants_number:
        try:
            number = float(text)
        except ValueError:
            return text
        return int(number) if number == int(number) else number
    return text


@require_safe
@hq_only
def index(request: HQRequest) -> HttpResponse:
    names = signal_names()
    columns = [
        Column(
            _("Playbook"), lambda p: str(p.name), link=lambda p: reverse("hq:playbook", args=[p.pk])
        ),
        Column(_("When this happens"), lambda p: names.get(p.signal, p.signal)),
        Column(_("Who keeps it"), lambda p: p.get_who_display()),
        Column(_("Due"), lambda p: p.get_due_display()),
        Column(_("Purpose"), lambda p: p.get_purpose_display()),
        Column(
            _("Works"), lambda p: _("on") if p.is_on else _("off"),
            state=lambda p: "kept" if p.is_on else "quiet",
        ),
    ]  # fmt: skip
    return listing(
        request,
        "hq/list.html",
        Playbook.objects.order_by("-is_on", "pk"),
        columns,
        name="playbooks",
        title=_("Playbooks"),
        heading=_("When something happens, what do we promise?"),
        intro=_("When this happens, promise that. Try a playbook on last month before it works."),
        add=reverse("hq:playbook-new"),
        add_words=_("New playbook"),
        icon="book-open",
        why=_("No playbook yet: write the first."),
    )


@require_http_methods(["GET", "POST"])
@hq_only
def edit(request: HQRequest, pk: int | None = None) -> HttpResponse:
    """Save it, or only try it (`preview`): then nothing is written."""
    playbook = _playbook(pk)
    form = PlaybookForm(request.POST or None, playbook=playbook)
    preview = None
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" in request.POST:
                preview = previewing.preview(
                    _draft(playbook, form.changes()), previewing.last_month()
                )
                saw(request, [family.pk for family in preview.families], "name")
            else:
                editing.edit(playbook, by=request.user, **form.changes())
                return redirect("hq:playbooks")
        except ValidationError as error:
            put_errors(form, error)
    context = {
        "form": form,
        "playbook": playbook,
        "preview": preview,
        "month": previewing.last_month(),
        "title": str(playbook.name) or _("New playbook"),
    }
    wrong = form.is_bound and not preview
    return render(request, "hq/playbooks/edit.html", context, status=422 if wrong else 200)


def _playbook(pk: int | None) -> Playbook:
    if pk:
        return get_object_or_404(Playbook.objects.select_related("script"), pk=pk)
    number = (Playbook.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    return Playbook(code=f"own-{number}", signal="people.family_joined", is_on=False)


def _draft(playbook: Playbook, changes: dict[str, Any]) -> Playbook:
    draft = copy(playbook)
    for name, value in changes.items():
        if name not in editing.WORDS:
            setattr(draft, name, value)
    return draft


@require_POST
@hq_only
def switch(request: HQRequest, pk: int) -> HttpResponse:
    playbook = _playbook(pk)
    editing.switch(playbook, is_on=request.POST.get("on") == "1", by=request.user)
    return redirect("hq:playbook", pk)
