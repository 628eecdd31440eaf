"""Staff: who works where, who is away, who leaves and to whom her families go."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from warmline.base.forms import put_errors
from warmline.core.people import handing_over
from warmline.core.people.keeping_house import hire, keep_staff
from warmline.core.people.models import HandoverItem, Staff
from warmline.core.people.signing_in import forget_second_factor, give_one_time_password
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.look.tables import Column, listing


class StaffForm(forms.ModelForm):
    dialects = forms.CharField(
        label=gettext_lazy("Dialects, with commas between"), required=False, max_length=200
    )

    class Meta:
        model = Staff
        fields = (
            "username", "name", "code", "role", "store", "region", "phone", "email", "wecom_id",
            "calls_a_day", "away_until",
        )  # fmt: skip
        labels = {
            "code": gettext_lazy("Staff number"),
            "role": gettext_lazy("Role"),
            "store": gettext_lazy("Store"),
            "region": gettext_lazy("Region"),
            "phone": gettext_lazy("Phone"),
            "email": gettext_lazy("E-mail"),
            "wecom_id": gettext_lazy("WeCom id"),
            "calls_a_day": gettext_lazy("Calls a day she can do well"),
            "away_until": gettext_lazy("Away until"),
        }
        widgets = {"away_until": forms.DateTimeInput({"type": "datetime-local"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("store", "region"):
            self.fields[name].empty_label = _("none")  # type: ignore[attr-defined]
        self.initial.setdefault("dialects", ", ".join(self.instance.dialects or []))

    def clean_dialects(self) -> list[str]:
        said = self.cleaned_data["dialects"].replace("，", ",").replace("、", ",")
        return [d.strip()[:20] for d in said.split(",") if d.strip()]

    def clean_code(self) -> str | None:
        return self.cleaned_data["code"] or None

    def person(self) -> Staff:
        staff: Staff = self.instance
        staff.dialects = self.cleaned_data["dialects"]
        return staff


@require_safe
@hq_only
def index(request: HQRequest) -> HttpResponse:
    rows = Staff.objects.select_related("store", "region").order_by("-is_active", "store", "name")
    columns = [
        Column(_("Name"), lambda s: s.name, link=lambda s: reverse("hq:person", args=[s.pk])),
        Column(_("User name"), lambda s: s.username),
        Column(_("Role"), lambda s: s.get_role_display()),
        Column(_("Store or region"), lambda s: s.store or s.region or ""),
        Column(_("Calls a day"), lambda s: s.calls_a_day, is_number=True),
        Column(_("At work"), lambda s: _("yes") if s.is_active else _("left")),
    ]
    return listing(
        request,
        "hq/list.html",
        rows,
        columns,
        name="staff",
        title=_("Staff"),
        heading=_("Who works with us?"),
        add=reverse("hq:person-new"),
        add_words=_("Somebody new"),
        icon="users",
        why=_("Nobody works here yet."),
    )


@require_http_methods(["GET", "POST"])
@hq_only
def edit(request: HQRequest, pk: int | None = None) -> HttpResponse:
    staff = get_object_or_404(Staff, pk=pk) if pk else Staff()
    asked = {name: request.GET[name] for name in ("role", "region") if name in request.GET}
    form = StaffForm(request.POST or None, instance=staff, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            password = "" if pk else hire(form.person())
            person = keep_staff(form.person())
        except ValidationError as error:
            put_errors(form, error)
        else:
            return _shown(request, person, StaffForm(instance=person), password=password)
    return _shown(request, staff, form)


def _shown(request: HQRequest, staff: Staff, form: StaffForm, **more: Any) -> HttpResponse:
    guides = Staff.objects.filter(role=Staff.Role.GUIDE, is_active=True).exclude(pk=staff.pk)
    heirs = guides.select_related("store").order_by("store__name", "name")[:500]
    context = {
        "person": staff,
        "form": form,
        "title": staff.name if staff.pk else _("Somebody new"),
        "families": staff.families.filter(merged_into__isnull=True).count() if staff.pk else 0,
        "heirs": sorted(heirs, key=lambda heir: heir.store_id != staff.store_id),  # her shop first
        "handovers": _handovers(staff) if staff.pk else [],
        **more,
    }
    return render(request, "hq/staff/edit.html", context, status=422 if form.is_bound else 200)


def _handovers(staff: Staff) -> Any:
    """The batches in which her families go, and how far each is."""
    status = HandoverItem.Status
    return (
        staff.handovers_out.select_related("to_guide")
        .annotate(
            waiting=Count("items", Q(items__status=status.WAITING)),
            done=Count("items", Q(items__status=status.DONE)),
            refused=Count("items", Q(items__status=status.REFUSED)),
        )
        .order_by("-pk")[:20]
    )


@require_POST
@hq_only
def new_password(request: HQRequest, pk: int) -> HttpResponse:
    """She forgot it, or her phone is gone: a new one-time password, told this once."""
    staff = get_object_or_404(Staff, pk=pk)
    if request.POST.get("phone_lost"):
        forget_second_factor(staff)
    password = give_one_time_password(staff)
    return _shown(request, staff, StaffForm(instance=staff), password=password)


@require_POST
@hq_only
def hand_over(request: HQRequest, pk: int) -> HttpResponse:
    """Her families go to another guide, a hundred at a time; a day later, unless they refuse."""
    staff = get_object_or_404(Staff, pk=pk)
    said = request.POST.get("heir", "")
    heir = get_object_or_404(Staff, pk=said if said.isdecimal() else 0, is_active=True)
    try:
        proposal = handing_over.propose(staff, heir, by=request.user)
    except ValidationError as error:
        told = " ".join(error.messages)
        return _shown(request, staff, StaffForm(instance=staff), told=told)
    return _shown(request, staff, StaffForm(instance=staff), proposal=proposal)


@require_POST
@hq_only
def leave(request: HQRequest, pk: int) -> HttpResponse:
    """Her families keep her name until they are handed over; her store answers for them."""
    handing_over.leave(get_object_or_404(Staff, pk=pk), by=request.user)
    return redirect("hq:person", pk)
