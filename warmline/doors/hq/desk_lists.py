"""What the desk's lists offer: kinds of case, departments and their people, the tree of causes. What is
in use is switched off and never taken away, so that old cases keep their words."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from warmline.base.forms import put_errors
from warmline.core.people.models import Staff
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.doors.hq.desk_rules import WORDS, changes, views
from warmline.look.tables import Column, listing
from warmline.service.desk import ruling
from warmline.service.desk.models import CaseKind, Cause, Department

NAMES = {"name_zh": "zh-hans", "name_en": "en"}
DESK_ROLES = (Staff.Role.HQ, Staff.Role.AGENT, Staff.Role.MANAGER, Staff.Role.LOGISTICS)


def code_field(most: int) -> forms.SlugField:
    return forms.SlugField(
        label=WORDS["code"],
        max_length=most,
        help_text=gettext_lazy("Letters, digits and dashes. It stays as it is."),
        error_messages={
            "invalid": gettext_lazy("Only letters, digits and dashes, for instance: late-parcel")
        },
    )


class NamedForm(forms.Form):
    """A code that is never changed, a name in both languages, and whether it is in use."""

    code = code_field(20)
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=40)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=60, required=False)
    place = forms.IntegerField(label=WORDS["place"], min_value=0, max_value=999, initial=50)
    is_on = forms.BooleanField(label=WORDS["is_on"], required=False, initial=True)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        if thing.pk:
            kwargs["initial"] = self.known(thing)
        super().__init__(*args, **kwargs)
        self.thing = thing
        if thing.pk:
            del self.fields["code"]
        self.end_with("place", "is_on")

    def known(self, thing: Any) -> dict[str, Any]:
        names = {field: thing.name.get(code, "") for field, code in NAMES.items()}
        return {**names, "place": thing.place, "is_on": thing.is_on}

    def end_with(self, *last: str) -> None:
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    @property
    def said(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        name = {code: said.pop(field) for field, code in NAMES.items()}
        return {**said, "name": name}


class KindForm(NamedForm):
    finish_days = forms.IntegerField(
        label=WORDS["finish_days"],
        min_value=1,
        max_value=10,
        initial=3,
        help_text=gettext_lazy("Days on which the store is open; for what comes from now on."),
    )
    is_complaint = forms.BooleanField(label=WORDS["is_complaint"], required=False)
    needs_department = forms.BooleanField(label=WORDS["needs_department"], required=False)
    is_internal = forms.BooleanField(label=WORDS["is_internal"], required=False)

    def known(self, thing: Any) -> dict[str, Any]:
        names = ("finish_days", "is_complaint", "needs_department", "is_internal")
        return {**super().known(thing), **{name: getattr(thing, name) for name in names}}


class DepartmentForm(NamedForm):
    keepers = forms.ModelMultipleChoiceField(
        Staff.objects.none(),
        label=WORDS["keepers"],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "They find its findings in their inbox, with the day of the answer."
        ),
    )

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        mine = Q(departments=thing.pk) if thing.pk else Q(pk__in=[])
        of_chain = Q(role__in=DESK_ROLES, store__isnull=True, is_active=True)
        keepers = self.fields["keepers"]
        assert isinstance(keepers, forms.ModelMultipleChoiceField)
        found = Staff.objects.filter(mine | of_chain).distinct().order_by("role", "name")
        keepers.queryset = found

    def known(self, thing: Any) -> dict[str, Any]:
        return {**super().known(thing), "keepers": thing.keepers.all()}


class CauseForm(NamedForm):
    parent = forms.ModelChoiceField(
        Cause.objects.filter(parent__isnull=True),
        label=WORDS["parent"],
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("nothing: it is a group"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"] = code_field(30)

    def known(self, thing: Any) -> dict[str, Any]:
        return {**super().known(thing), "parent": thing.parent.code if thing.parent else ""}


def _state(thing: Any) -> str:
    return "kept" if thing.is_on else "quiet"


def _use(thing: Any) -> str:
    return _("in use") if thing.is_on else _("switched off")


def _list(
    request: HQRequest,
    rows: Any,
    columns: list[Column],
    *,
    name: str,
    title: str,
    new: str,
    words: str,
    heading: str = "",
) -> HttpResponse:
    return listing(
        request,
        "hq/list.html",
        rows,
        [*columns, Column(_("Use"), _use, state=_state)],
        name=name,
        title=title,
        heading=heading,
        views=views(),
        add=reverse(new),
        add_words=words,
        icon="settings",
        why=_("Nothing is here yet."),
    )


@require_safe
@hq_only
def kinds(request: HQRequest) -> HttpResponse:
    yes = {True: _("yes"), False: ""}
    columns = [
        Column(_("Kind"), str, link=lambda k: reverse("hq:desk-kind", args=[k.pk])),
        Column(WORDS["finish_days"], lambda k: k.finish_days, is_number=True),
        Column(WORDS["is_complaint"], lambda k: yes[k.is_complaint]),
        Column(WORDS["needs_department"], lambda k: yes[k.needs_department]),
        Column(WORDS["is_internal"], lambda k: yes[k.is_internal]),
    ]
    rows = CaseKind.objects.order_by("-is_on", "place", "pk")
    return _list(
        request, rows, columns,
        name="case-kinds", title=_("Kinds of case"),
        heading=_("What do people come to us with?"), new="hq:desk-kind-new", words=_("New kind"),
    )  # fmt: skip


@require_safe
@hq_only
def departments(request: HQRequest) -> HttpResponse:
    owed = Count("feedback", Q(feedback__status="asked"), distinct=True)
    rows = Department.objects.annotate(owed=owed).prefetch_related("keepers")
    columns = [
        Column(_("Department"), str, link=lambda d: reverse("hq:desk-department", args=[d.pk])),
        Column(
            WORDS["keepers"],
            lambda d: "、".join(k.name for k in d.keepers.all()) or _("nobody yet"),
        ),
        Column(_("Answers owed"), lambda d: d.owed, is_number=True),
    ]
    return _list(
        request, rows.order_by("-is_on", "place", "pk"), columns,
        name="departments", title=_("Departments"),
        heading=_("Who answers for what was found?"), new="hq:desk-department-new",
        words=_("New department"),
    )  # fmt: skip


@require_safe
@hq_only
def tree(request: HQRequest) -> HttpResponse:
    every = list(Cause.objects.select_related("parent"))
    used = dict(
        Cause.objects.filter(cases__isnull=False)
        .annotate(n=Count("cases"))
        .order_by()
        .values_list("pk", "n")
    )
    ordered = [
        row
        for group in every
        if group.parent_id is None
        for row in (group, *(c for c in every if c.parent_id == group.pk))
    ]
    columns = [
        Column(
            _("Cause"),
            lambda c: f"— {c}" if c.parent_id else str(c),
            link=lambda c: reverse("hq:desk-cause", args=[c.pk]),
        ),
        Column(WORDS["parent"], lambda c: str(c.parent) if c.parent else _("a group")),
        Column(_("Cases"), lambda c: used.get(c.pk, 0), is_number=True),
    ]
    return _list(
        request, ordered, columns,
        name="causes", title=_("Why cases come to this"),
        heading=_("Why do cases come to this?"), new="hq:desk-cause-new", words=_("New cause"),
    )  # fmt: skip


def _edit(
    request: HQRequest,
    thing: Any,
    form: NamedForm,
    keep: Callable[..., Any],
    *,
    what: str,
    back: str,
    new: str,
) -> HttpResponse:
    title = str(thing) if thing.pk else new
    if request.method == "POST" and form.is_valid():
        try:
            keep(thing, by=request.user, **form.said)
        except ValidationError as error:
            put_errors(form, error, names={"name": "name_zh"})
        else:
            return redirect(back)
    context = {
        "form": form,
        "title": title,
        "back": reverse(back),
        "views": views(),
        "changes": changes(what, thing.code) if thing.pk else [],
    }
    status = 422 if form.is_bound else 200
    return render(request, "hq/desk/settings.html", context, status=status)


@require_http_methods(["GET", "POST"])
@hq_only
def kind(request: HQRequest, pk: int | None = None) -> HttpResponse:
    thing = get_object_or_404(CaseKind, pk=pk) if pk else CaseKind()
    form = KindForm(request.POST or None, thing=thing)
    return _edit(
        request, thing, form, ruling.keep_kind, what="kind", back="hq:desk-kinds", new=_("New kind")
    )


@require_http_methods(["GET", "POST"])
@hq_only
def department(request: HQRequest, pk: int | None = None) -> HttpResponse:
    thing = get_object_or_404(Department, pk=pk) if pk else Department()
    form = DepartmentForm(request.POST or None, thing=thing)
    return _edit(
        request, thing, form, ruling.keep_department,
        what="department", back="hq:desk-departments", new=_("New department"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@hq_only
def cause(request: HQRequest, pk: int | None = None) -> HttpResponse:
    thing = get_object_or_404(Cause.objects.select_related("parent"), pk=pk) if pk else Cause()
    form = CauseForm(request.POST or None, thing=thing)
    return _edit(
        request,
        thing,
        form,
        ruling.keep_cause,
        what="cause",
        back="hq:desk-tree",
        new=_("New cause"),
    )
