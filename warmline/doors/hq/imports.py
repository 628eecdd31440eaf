"""The import wizard: upload, say what the columns mean, see what would happen, do it, take it back."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from warmline.base import exports, sheets
from warmline.base.sheets.aliases import ALIASES
from warmline.base.sheets.heads import KINDS, LABELS
from warmline.core.people.models import Store
from warmline.core.people.reading import saw_file
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.look.tables import Column, listing, stamp
from warmline.service.intake import (
    checking,
    committing,
    fixing,
    mapping,
    progress,
    receiving,
    undoing,
)
from warmline.service.intake.models import Finding, Import

PAGE = 25
SAMPLES = 3
SHOWN = ("name", "phone", "child", "purchase")  # what cells of a file may say
TO_MAP = {Import.Status.UPLOADED, Import.Status.REFUSED, Import.Status.FAILED}
STEPS = (
    gettext_lazy("Choose a file"),
    gettext_lazy("Say what the columns mean"),
    gettext_lazy("See what would happen"),
    gettext_lazy("Import"),
)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Excel or CSV, up to 20 MB"),
        widget=forms.ClearableFileInput(
            {"accept": ".csv,.txt,.tsv,.xlsx,.xls,.xlsb,.ods,.html,.htm"}
        ),
    )


class FactsForm(forms.Form):
    """What a file does not say of itself."""

    source = forms.CharField(
        label=gettext_lazy("Whose receipt numbers are these?"),
        max_length=30,
        help_text=gettext_lazy(
            "The same till system keeps the same word, so that nothing doubles."
        ),
    )
    numbering = forms.ChoiceField(
        label=gettext_lazy("How far is a receipt number unique?"), choices=Import.Numbering
    )
    store = forms.ModelChoiceField(
        Store.objects.order_by("name"),
        label=gettext_lazy("Rows that name no store belong to"),
        required=False,
    )
    has_consent = forms.BooleanField(
        label=gettext_lazy(
            "These families agreed that we keep their babies' records and call about care"
        ),
        required=False,
        help_text=gettext_lazy("Unknown means no: without it babies are counted, not recorded."),
    )
    evidence = forms.CharField(
        label=gettext_lazy("Where is their consent written?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "For example: signed membership forms of 2026, in the shop's folder."
        ),
    )
    keep = forms.BooleanField(
        label=gettext_lazy("Remember this for files with the same heads"),
        required=False,
        initial=True,
    )
    ONLY = {
        "source": {"sales"},
        "numbering": {"sales"},
        "store": {"sales", "members", "staff"},
        "has_consent": {"members", "babies"},
        "evidence": {"members", "babies"},
    }

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kinds in self.ONLY.items():
            if kind not in kinds:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("has_consent") and not said.get("evidence"):
            self.add_error("evidence", _("Say where it is written, or nobody can prove it."))
        return said


@require_http_methods(["GET", "HEAD", "POST"])
@hq_only
def index(request: HQRequest) -> HttpResponse:
    """What came in so far, and a place to drop the next file."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            file = _receive(form.cleaned_data["file"], request)
        except sheets.Unreadable as error:
            form.add_error("file", error.sentence)
        else:
            return redirect("hq:import", file.pk)
    rows = Import.objects.select_related("by").order_by("-pk")
    return listing(
        request, "hq/imports/index.html", rows, _columns(), name="imports",
        status=422 if form.is_bound else 200, form=form, kinds=KINDS, steps=STEPS, step=1,
    )  # fmt: skip


def _columns() -> list[Column]:
    def count(name: str) -> Callable[[Any], Any]:
        return lambda file: file.counts.get(name) or ""

    return [
        Column(_("File"), lambda f: f.file_name, link=lambda f: reverse("hq:import", args=[f.pk])),
        Column(_("Holds"), lambda f: f.get_kind_display()),
        Column(_("New"), count("new"), is_number=True),
        Column(_("Changed"), count("changed"), is_number=True),
        Column(_("To mend"), count("bad"), is_number=True),
        Column(_("State"), lambda f: f.get_status_display()),
        Column(_("When"), lambda f: stamp(f.created_at)),
        Column(_("By"), lambda f: str(f.by or "")),
    ]


def _receive(sent: UploadedFile, request: HQRequest) -> Import:
    """To disk for as long as the limited child looks at it; kept sealed in the database."""
    if (sent.size or 0) > sheets.Limits().file_bytes:
        raise sheets.Unreadable("too_big", {"most": sheets.Limits().file_bytes >> 20})
    with tempfile.TemporaryDirectory(prefix="warmline-upload-") as folder:
        path = Path(folder) / "table"
        with path.open("wb") as out:
            for chunk in sent.chunks():
                out.write(chunk)
        return receiving.receive(path, name=sent.name or "", by=request.user)


@require_safe
@hq_only
def show(request: HQRequest, pk: int) -> HttpResponse:
    """One file, wherever it stands. While it is worked on, this fragment asks again by itself."""
    return _page(request, _file(pk))


def _file(pk: int) -> Import:
    file: Import = get_object_or_404(Import.objects.select_related("by", "store"), pk=pk)
    return file


def _page(
    request: HQRequest, file: Import, *, form: FactsForm | None = None, wrong: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {"file": file, "steps": STEPS, "step": _step(file), "wrong": wrong}
    if file.status in TO_MAP or form or "columns" in request.GET:
        context |= _mapping(file, form) | {"maps": True}
        saw_file(request, file.pk, *SHOWN)
    elif file.is_at_work:
        context["progress"] = progress.of(file.pk)
    else:
        context |= _findings(request, file)
    partial = request.headers.get("HX-Request") == "true"
    template = "hq/imports/_file.html" if partial else "hq/imports/show.html"
    return render(request, template, context, status=422 if form else 200)


def _step(file: Import) -> int:
    if file.status in TO_MAP:
        return 2
    return 3 if file.status in (Import.Status.CHECKING, Import.Status.CHECKED) else 4


def _mapping(file: Import, form: FactsForm | None) -> dict[str, Any]:
    """Each column with its first cells, and what it is taken to mean."""
    samples: list[tuple[str, ...]] = []
    try:
        with checking.laid_out(file) as sheet:
            samples = [row for row in sheet.sample if any(row)][:SAMPLES]
    except checking.Refused:
        pass
    meant = {column: name for name, column in file.columns.items()}
    columns = [
        {
            "no": no,
            "head": head,
            "cells": [row[no] for row in samples if no < len(row) and row[no]],
            "means": meant.get(no, ""),
        }
        for no, head in enumerate(file.heads)
    ]
    fields = sorted(((name, LABELS[name]) for name in ALIASES[file.kind]), key=lambda f: str(f[1]))
    facts = {name: getattr(file, name) for name in FactsForm.ONLY}
    return {
        "columns": columns,
        "fields": fields,
        "kinds": KINDS,
        "lacking": mapping.missing(file.kind, file.columns),
        "form": form or FactsForm(kind=file.kind, initial=facts | {"keep": True}),
        "twins": receiving.twins(file),
    }


def _findings(request: HQRequest, file: Import) -> dict[str, Any]:
    levels = dict.fromkeys(file.findings.order_by().values_list("level", flat=True).distinct())
    wanted = request.GET.get("level", "")
    level = wanted if wanted in levels else next((x for x in Finding.Level if x in levels), "")
    rows: QuerySet[Finding] = file.findings.filter(level=level).order_by("row", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for each in page.object_list:
        each.of = file
    if any(each.cell for each in page.object_list):
        saw_file(request, file.pk, *SHOWN)
    known = [(x, x.label) for x in Finding.Level if x in levels]
    moved = file.counts.get("new", 0) + file.counts.get("changed", 0)
    return {"page": page, "level": level, "levels": known, "moved": moved}


@require_POST
@hq_only
def say_kind(request: HQRequest, pk: int) -> HttpResponse:
    """It is another sort of table than it seemed."""
    file = _file(pk)
    if request.POST.get("kind") in KINDS and file.status in TO_MAP | {Import.Status.CHECKED}:
        receiving.choose_kind(file, request.POST["kind"])
    return redirect(reverse("hq:import", args=[file.pk]) + "?columns")


@require_POST
@hq_only
def say_columns(request: HQRequest, pk: int) -> HttpResponse:
    """What the columns mean is said: try it out."""
    file = _file(pk)
    form = FactsForm(request.POST, kind=file.kind)
    columns = {
        no: name
        for no in range(len(file.heads))
        if (name := request.POST.get(f"column-{no}", "")) in ALIASES[file.kind]
    }
    if not form.is_valid():
        return _page(request, file, form=form)
    facts = {name: form.cleaned_data[name] for name in FactsForm.ONLY if name in form.fields}
    try:
        mapping.say(file, columns, **facts)
    except mapping.Doubtful as doubt:
        return _page(request, file, form=form, wrong=str(doubt))
    if form.cleaned_data["keep"]:
        mapping.save(file, by=request.user)
    checking.ask(file, by=request.user)
    return redirect("hq:import", file.pk)


@require_POST
@hq_only
def commit(request: HQRequest, pk: int) -> HttpResponse:
    file = _file(pk)
    committing.ask(file, by=request.user)
    return redirect("hq:import", file.pk)


@require_POST
@hq_only
def undo(request: HQRequest, pk: int) -> HttpResponse:
    file = _file(pk)
    undoing.ask(file, by=request.user)
    return redirect("hq:import", file.pk)


@require_safe
@hq_only
def to_mend(request: HQRequest, pk: int, form: str) -> HttpResponse:
    """The bad rows as they came, with what is wrong beside them."""
    file = _file(pk)
    if form not in ("csv", "xlsx"):
        raise Http404
    out = io.BytesIO()
    try:
        fixing.write(file, out, form="csv" if form == "csv" else "xlsx")
    except checking.Refused as refused:
        messages.error(request, _(refused.reason).format(**refused.facts))
        return redirect("hq:import", file.pk)
    saw_file(request, file.pk, *SHOWN)
    kind = exports.CSV_TYPE if form == "csv" else exports.XLSX_TYPE
    name = f"{Path(file.file_name).stem}-{_('to mend')}.{form}"
    return HttpResponse(out.getvalue(), content_type=kind, headers=_saved_as(name))


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": content_disposition_header(True, name) or "attachment"}


@require_safe
@hq_only
def template(request: HQRequest, kind: str) -> HttpResponse:
    """An empty table with the heads that we know at once."""
    if kind not in KINDS:
        raise Http404
    heads = [names.split()[0] for names in ALIASES[kind].values()]
    body = b"".join(exports.csv_blocks(heads=heads, rows=[]))
    name = f"{KINDS[kind]}.csv"
    return HttpResponse(body, content_type=exports.CSV_TYPE, headers=_saved_as(name))
