"""Lots: what families may read of their milk, the papers behind it, and the codes on its tins."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from warmline.base.forms import put_errors
from warmline.base.strange_files import shown
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.doors.hq.lot_forms import (
    ImportForm,
    LotForm,
    Materials,
    OrderForm,
    PaperForm,
    Steps,
)
from warmline.goods.trace import batches, lots
from warmline.goods.trace.models import Certificate, CodeBatch, Lot
from warmline.look.tables import Column, listing


def views() -> list[tuple[str, Any]]:
    """The lists of trace, one beside the other."""
    return [
        (reverse("hq:lots"), _("Lots")),
        (reverse("hq:batches"), _("Codes")),
        (reverse("hq:partners"), _("Partners")),
    ]


@require_safe
@hq_only
def index(request: HQRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:40]
    tins = Q(batches__level=CodeBatch.Level.UNIT) & ~Q(batches__status=CodeBatch.Status.VOID)
    rows = Lot.objects.select_related("product").annotate(
        papers=Count("certificates", distinct=True),
    )
    rows = rows.order_by("-pk")
    if text:
        rows = rows.filter(Q(number__icontains=text) | Q(product__name__icontains=text))
    coded = dict(
        Lot.objects.filter(tins).values_list("pk").annotate(n=Sum("batches__active")).order_by()
    )
    columns = [
        Column(_("Lot"), lambda x: x.number, link=lambda x: reverse("hq:lot", args=[x.pk])),
        Column(_("Product"), lambda x: str(x.product) if x.product else x.gtin),
        Column(_("Made on"), lambda x: x.made_on or ""),
        Column(_("Best before"), lambda x: x.expires_on or ""),
        Column(_("Tins with a code"), lambda x: coded.get(x.pk, 0), is_number=True),
        Column(_("Papers"), lambda x: x.papers, is_number=True),
    ]
    return listing(
        request, "hq/list.html", rows, columns, name="lots", title=_("Lots"),
        heading=_("Which lots do we know?"), views=views(),
        add=reverse("hq:lot-new") if request.user.role == "hq" else "", add_words=_("New lot"),
        icon="qr-code",
        why=_("Write a lot down, order codes for its tins, and families can look each tin up."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@hq_only
def edit(request: HQRequest, pk: int | None = None) -> HttpResponse:
    """The facts of a lot, and what a family reads of it."""
    lot = get_object_or_404(Lot, pk=pk) if pk else None
    facts = {n: getattr(lot, n) for n in LotForm.base_fields} if lot else {}
    story = lot.story if lot else {}
    data = request.POST or None
    form = LotForm(data, initial=facts, lot=lot)
    materials = Materials(data, initial=story.get("materials", ()), prefix="materials")
    steps = Steps(data, initial=story.get("steps", ()), prefix="steps")
    imported = ImportForm(data, initial=story.get("import", {}), prefix="import")
    parts: list[Any] = [form, materials, steps, imported]
    valid = [part.is_valid() for part in parts]  # each of them, so that every error is shown
    if all(valid):
        told = {
            "materials": materials.cleaned_data,
            "steps": steps.cleaned_data,
            "import": imported.cleaned_data,
        }
        try:
            kept = lots.put(**form.cleaned_data, story=told, lot=lot)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("hq:lot", kept.pk)
    context = {
        "lot": lot,
        "form": form,
        "materials": materials,
        "steps": steps,
        "imported": imported,
    }
    return render(request, "hq/lots/edit.html", context, status=422 if data else 200)


@require_safe
@hq_only
def show(request: HQRequest, pk: int) -> HttpResponse:
    return _show(request, _lot(pk))


def _lot(pk: int) -> Lot:
    return get_object_or_404(Lot.objects.with_papers(), pk=pk)


def _show(
    request: HQRequest, lot: Lot, *, wrong: forms.Form | None = None, at: str = ""
) -> HttpResponse:
    """The lot's page; `wrong` is the form that was refused, shown where it stands (`at`)."""
    papers = lot.certificates.select_related("paper").defer("paper__content").order_by("sort", "pk")
    runs = lot.batches.select_related("by", "planned_for").order_by("pk")
    context = {
        "lot": lot,
        "papers": papers,
        "batches": runs,
        "imports": lots.import_facts(lot.story),
        "page_of_a_tin": _page_of_a_tin(lot),
        "paper_form": wrong if at == "paper" else PaperForm(auto_id="paper_%s"),
        "order_form": wrong if at == "order" else OrderForm(auto_id="order_%s"),
        "at": at,
        "may_act": request.user.role == "hq",
    }
    return render(request, "hq/lots/show.html", context, status=422 if wrong else 200)


def _page_of_a_tin(lot: Lot) -> str:
    """The page of the lot's first tin, as its family opens it."""
    tins = lot.batches.filter(level=CodeBatch.Level.UNIT, active__gt=0).exclude(status="void")
    batch = tins.order_by("pk").first()
    if batch is None:
        return ""
    ((_index, uri),) = batches.codes(batch, count=1)
    return uri.removeprefix("https://id.gs1.org")


@require_POST
@hq_only
def add_paper(request: HQRequest, pk: int) -> HttpResponse:
    lot = _lot(pk)
    form = PaperForm(request.POST, request.FILES, auto_id="paper_%s")
    if form.is_valid():
        said = form.cleaned_data
        file = said.pop("file")
        if file and file.size > lots.PAPER_BYTES_MAX:
            form.add_error("file", _("A paper has at most 10 MB."))
        else:
            try:
                content = file.read() if file else b""
                lots.add_certificate(lot, **said, content=content, by=request.user)
            except ValidationError as error:
                put_errors(form, error)
            else:
                return redirect(reverse("hq:lot", args=[pk]) + "#papers")
    return _show(request, lot, wrong=form, at="paper")


@require_POST
@hq_only
def take_paper_away(request: HQRequest, pk: int, paper: int) -> HttpResponse:
    lots.take_away(get_object_or_404(Certificate, pk=paper, lot=pk))
    return redirect(reverse("hq:lot", args=[pk]) + "#papers")


@require_POST
@hq_only
def order(request: HQRequest, pk: int) -> HttpResponse:
    """So many codes for the lot's tins, cases or pallets."""
    lot, form = _lot(pk), OrderForm(request.POST, auto_id="order_%s")
    if form.is_valid():
        try:
            batch = batches.plan(lot, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("hq:batch", batch.pk)
    return _show(request, lot, wrong=form, at="order")


@require_safe
@hq_only
def paper(request: HQRequest, pk: int, paper: int) -> HttpResponse:
    """The file of a paper, as it was put in."""
    found = get_object_or_404(
        Certificate.objects.select_related("paper"), pk=paper, lot=pk, paper__isnull=False
    )
    name = lots.file_name(found, found.paper.mime)
    return shown(bytes(found.paper.content), mime=found.paper.mime, name=name)
