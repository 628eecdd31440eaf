"""A run of codes from the order to the shelf: sheets, the print shop's list, activation, packing."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from warmline.base import exports
from warmline.base.clock import today
from warmline.base.forms import put_errors
from warmline.core.people.models import Staff
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.doors.hq.lots import views
from warmline.goods.trace import batches, filling, labels
from warmline.goods.trace.models import CodeBatch, Party, Place
from warmline.look.tables import Column, listing, stamp

SHEET_MAX = 480  # labels in one file: twenty pages
ACTIVATED_MAX = 60_000  # in one go; a line tells its tins as they leave it
STATES = {"planned": "quiet", "printed": "soon", "active": "kept", "void": "broken"}


def places() -> Any:
    """Where a line may stand: the makers' places first."""
    rows = Place.objects.select_related("party").exclude(party__sort=Party.Sort.STORE)
    return rows.order_by("name", "pk")


class SheetForm(forms.Form):
    first = forms.IntegerField(label=gettext_lazy("From code number"), min_value=1, initial=1)
    count = forms.IntegerField(
        label=gettext_lazy("How many labels"), min_value=1, max_value=SHEET_MAX, initial=24
    )


class ActivateForm(forms.Form):
    upto = forms.IntegerField(
        label=gettext_lazy("The first so many are on goods"),
        min_value=1,
        help_text=gettext_lazy("In the order in which they were printed."),
    )
    line = forms.ModelChoiceField(
        Place.objects.none(),
        label=gettext_lazy("On which line"),
        required=False,
        empty_label=gettext_lazy("not said"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["line"].queryset = places()


class BatchChoice(forms.ModelChoiceField):
    """A batch with how much of it is not packed yet."""

    def label_from_instance(self, batch: Any) -> str:
        return _("%(level)s no. %(number)s: %(left)s not packed yet") % {
            "level": batch.get_level_display(),
            "number": batch.pk,
            "left": batch.active - batch.packed,
        }


class FillForm(forms.Form):
    inner = BatchChoice(
        CodeBatch.objects.none(),
        label=gettext_lazy("What goes in"),
        empty_label=gettext_lazy("choose a batch"),
    )
    per = forms.IntegerField(label=gettext_lazy("In each"), min_value=1, max_value=1000)

    def __init__(self, *args: Any, outer: CodeBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level = filling.GOES_INTO.get(CodeBatch.Level(outer.level), "")
        rows = CodeBatch.objects.filter(lot=outer.lot_id, level=level, active__gt=0)
        fields: Any = self.fields
        fields["inner"].queryset = rows.exclude(status="void").order_by("pk")
        fields["per"].initial = 6 if level == CodeBatch.Level.UNIT else 40


class VoidForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)


@require_safe
@hq_only
def index(request: HQRequest) -> HttpResponse:
    rows = CodeBatch.objects.select_related("lot__product", "by", "planned_for").order_by("-pk")
    columns = [
        Column(_("No."), lambda b: b.pk, link=lambda b: reverse("hq:batch", args=[b.pk])),
        Column(_("Lot"), lambda b: b.lot.number if b.lot else ""),
        Column(_("Product"), lambda b: str(b.lot.product or "") if b.lot else ""),
        Column(_("For"), lambda b: b.get_level_display()),
        Column(_("Ordered"), lambda b: b.size, is_number=True),
        Column(_("Active"), lambda b: b.active, is_number=True),
        Column(_("Packed"), lambda b: b.packed, is_number=True),
        Column(_("State"), lambda b: b.get_status_display(), state=lambda b: STATES[b.status]),
        Column(_("Ordered on"), lambda b: stamp(b.created_at)),
        Column(_("By"), lambda b: b.by.name if b.by else ""),
    ]
    return listing(
        request, "hq/list.html", rows, columns, name="codes", title=_("Codes"),
        heading=_("Which codes were ordered?"), views=views(),
        icon="qr-code", why=_("Codes are ordered for a lot: open the lot, and say how many."),
    )  # fmt: skip


@require_safe
@hq_only
def show(request: HQRequest, pk: int) -> HttpResponse:
    return _show(request, _batch(pk))


def _batch(pk: int) -> CodeBatch:
    rows = CodeBatch.objects.select_related(
        "lot__product", "planned_for", "by", "printed_by", "voided_by"
    )
    return get_object_or_404(rows, pk=pk)


def _show(
    request: HQRequest, batch: CodeBatch, *, wrong: forms.Form | None = None, at: str = ""
) -> HttpResponse:
    def form(name: str, fresh: forms.Form) -> forms.Form:
        return wrong if wrong is not None and at == name else fresh

    holds = batch.level != CodeBatch.Level.UNIT and batch.lot_id is not None
    context = {
        "batch": batch,
        "state": STATES[batch.status],
        "progress": batches.progress(batch),
        "takers": batches.takers(batch),
        "sample": [uri.rsplit("/", 1)[1] for _n, uri in batches.codes(batch, count=3)],
        "sheet": form("sheet", SheetForm(auto_id="sheet_%s")),
        "activation": form(
            "activation", ActivateForm(auto_id="activation_%s", initial={"upto": batch.size})
        ),
        "fill": form("fill", FillForm(outer=batch, auto_id="fill_%s")) if holds else None,
        "void": form("void", VoidForm(auto_id="void_%s")),
        "is_tins": batch.level == CodeBatch.Level.UNIT,
        "may_act": request.user.role == "hq" and batch.status != CodeBatch.Status.VOID,
        "at": at,
    }
    return render(request, "hq/codes/show.html", context, status=422 if wrong else 200)


def host(request: HQRequest) -> str:
    """The address in the codes: of this site, as families reach it."""
    site = settings.ENV.site or request.build_absolute_uri("/")
    return str(site).rstrip("/")


@require_safe
@hq_only
def sheet(request: HQRequest, pk: int) -> HttpResponse:
    """Labels as a PDF, twenty-four a page: for a trial run, or a small shop's own printer."""
    if request.user.role == Staff.Role.AUDITOR:
        raise PermissionDenied  # whoever has the codes can print them
    batch, form = _batch(pk), SheetForm(request.GET, auto_id="sheet_%s")
    if batch.status == CodeBatch.Status.VOID:
        form.add_error(None, _("This batch is void."))
    if not form.is_valid():
        return _show(request, batch, wrong=form, at="sheet")
    first = form.cleaned_data["first"] - 1
    if first >= batch.size:
        form.add_error("first", _("The batch has %(size)s codes.") % {"size": batch.size})
        return _show(request, batch, wrong=form, at="sheet")
    pdf = labels.sheet(batch, host=host(request), first=first, count=form.cleaned_data["count"])
    name = f"labels-{batch.pk}-{first + 1}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@hq_only
def code_list(request: HQRequest, pk: int) -> Any:
    """Every code with what stands under its lid, for the print shop. From then on it is printed."""
    batch = _batch(pk)
    if batch.status == CodeBatch.Status.VOID:
        form = SheetForm({"first": 1, "count": 24}, auto_id="sheet_%s")
        form.add_error(None, _("This batch is void."))
        return _show(request, batch, wrong=form, at="sheet")
    batches.hand_out(batch, by=request.user)
    heads = [_("Link in the code"), _("Code under the lid"), _("Link under the lid")]
    rows = labels.code_list(batch, host=host(request))
    lines = ([link, under, labels.lid_link(link, under)] for link, under in rows)
    answer = StreamingHttpResponse(
        exports.csv_blocks(heads=heads, rows=lines), content_type=exports.CSV_TYPE
    )
    name = f"codes-{batch.pk}-{today():%Y%m%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@hq_only
def activate(request: HQRequest, pk: int) -> HttpResponse:
    """The first so many are on goods now."""
    batch, form = _batch(pk), ActivateForm(request.POST, auto_id="activation_%s")
    if form.is_valid():
        upto = form.cleaned_data["upto"]
        if upto > batch.size:
            form.add_error("upto", _("The batch has %(size)s codes.") % {"size": batch.size})
        elif upto <= batch.active:
            form.add_error("upto", _("So many are active already."))
        elif upto - batch.active > ACTIVATED_MAX:
            most = _("At most %(most)s at a time.") % {"most": ACTIVATED_MAX}
            form.add_error("upto", most)
        else:
            return _do(request, batch, form, "activation", batches.activate, batch,
                       upto=upto, line=form.cleaned_data["line"])  # fmt: skip
    return _show(request, batch, wrong=form, at="activation")


@require_POST
@hq_only
def fill(request: HQRequest, pk: int) -> HttpResponse:
    """Tins into these cases, or cases onto these pallets."""
    batch = _batch(pk)
    form = FillForm(request.POST, outer=batch, auto_id="fill_%s")
    if form.is_valid():
        said = form.cleaned_data
        return _do(
            request, batch, form, "fill", filling.fill, batch, said["inner"], per=said["per"]
        )
    return _show(request, batch, wrong=form, at="fill")


@require_POST
@hq_only
def void(request: HQRequest, pk: int) -> HttpResponse:
    batch, form = _batch(pk), VoidForm(request.POST, auto_id="void_%s")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return _do(request, batch, form, "void", batches.void, batch, reason=reason)
    return _show(request, batch, wrong=form, at="void")


def _do(
    request: HQRequest,
    batch: CodeBatch,
    form: forms.Form,
    at: str,
    verb: Any,
    *args: Any,
    **said: Any,
) -> HttpResponse:
    try:
        verb(*args, **said, by=request.user)
    except ValidationError as error:
        put_errors(form, error)
        return _show(request, batch, wrong=form, at=at)
    return redirect(reverse("hq:batch", args=[batch.pk]) + "#progress")
