"""What head office keeps an eye on: the outbox, what was set aside, who looked at whose data."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from warmline.base.clock import now
from warmline.core.contacts.models import Medium, Message
from warmline.core.journal.models import Task
from warmline.core.journal.reacting import retry_aside
from warmline.core.people.models import Reading, Staff
from warmline.core.people.reading import saw
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.look.tables import Column, listing, stamp
from warmline.service.desk.models.case import coded

STATES = {"accepted": "kept", "delivered": "kept", "failed": "broken", "uncertain": "soon"}

DOORS = {
    "guide": gettext_lazy("the phone"),
    "agent": gettext_lazy("the desk"),
    "hq": gettext_lazy("head office"),
}
SCREENS = {  # by the name of the page
    "today": gettext_lazy("Today"),
    "promise": gettext_lazy("Today"),
    "call": gettext_lazy("a call"),
    "contacts": gettext_lazy("a call"),
    "families": gettext_lazy("Families"),
    "family": gettext_lazy("the family's file"),
    "timeline": gettext_lazy("the family's file"),
    "cases": gettext_lazy("Cases"),
    "case": gettext_lazy("a case"),
    "alike": gettext_lazy("a case"),
    "inbox": gettext_lazy("Inbox"),
    "find": gettext_lazy("Find"),
    "outbox": gettext_lazy("Outbox"),
    "import": gettext_lazy("an import"),
    "merges": gettext_lazy("Merges"),
    "playbook": gettext_lazy("a playbook"),
    "handover": gettext_lazy("a handover"),
    "recall-families": gettext_lazy("Recalls"),
}

CHANNELS = {medium.value: medium.label for medium in Medium}
CLASSES = {  # of personal data, as the audit names them
    "name": gettext_lazy("name"),
    "phone": gettext_lazy("phone"),
    "child": gettext_lazy("baby"),
    "note": gettext_lazy("notes"),
    "message": gettext_lazy("messages"),
    "purchase": gettext_lazy("purchases"),
    "case": gettext_lazy("cases"),
    "promise": gettext_lazy("promises"),
    "run_out": gettext_lazy("run-outs"),
}


class OutboxFilter(forms.Form):
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=[("", gettext_lazy("All")), *Message.Status.choices],
        required=False,
    )


@require_safe
@hq_only
def outbox(request: HQRequest) -> HttpResponse:
    """Every text that left or would have left, newest first."""
    form = OutboxFilter(request.GET)
    rows = Message.objects.select_related("store").order_by("-created_at", "-pk")
    if form.is_valid() and form.cleaned_data["status"]:
        rows = rows.filter(status=form.cleaned_data["status"])

    def seen(found: Any) -> None:
        saw(request, [m.household_id for m in found if m.household_id], "phone", "message")

    columns = [
        Column(_("When"), lambda m: stamp(m.created_at)),
        Column(_("To"), lambda m: f"****{m.to[-4:]}"),
        Column(_("Channel"), lambda m: CHANNELS.get(m.channel, m.channel)),
        Column(_("For"), lambda m: m.get_purpose_display()),
        Column(_("Text"), lambda m: m.text, is_text=True),
        Column(
            _("Status"), lambda m: m.get_status_display(),
            state=lambda m: STATES.get(m.status, "quiet"),
        ),
        Column(_("Why not"), lambda m: m.error),
    ]  # fmt: skip
    return listing(
        request,
        "hq/list.html",
        rows,
        columns,
        name="outbox",
        seen=seen,
        title=_("Outbox"),
        heading=_("What was written, and did it arrive?"),
        intro=_("What was sent, or would have been: without a provider, messages end here."),
        filters=form,
        icon="send",
        why=_("No message has been written yet."),
    )


@require_safe
@hq_only
def aside(request: HQRequest) -> HttpResponse:
    """Reactions that failed eight times: they delay nobody, and wait for a look."""
    rows = Task.objects.filter(status=Task.Status.ASIDE).select_related("entry").order_by("-pk")
    columns = [
        Column(_("When"), lambda t: stamp(t.entry.at)),
        Column(pgettext("what was set aside", "What happened"), lambda t: t.entry.kind),
        Column(_("Who should react"), lambda t: t.listener.rpartition(".")[2]),
        Column(_("What went wrong"), lambda t: t.error, is_text=True),
    ]
    return listing(
        request,
        "hq/aside.html",
        rows,
        columns,
        name="set-aside",
        title=_("Set aside"),
        heading=_("What could not be done by itself?"),
        icon="archive",
        why=_("Nothing was set aside: every reaction was done."),
    )


@require_POST
@hq_only
def retry(request: HQRequest) -> HttpResponse:
    tasks = list(Task.objects.filter(status=Task.Status.ASIDE).values_list("pk", flat=True)[:1000])
    for task in tasks:
        retry_aside(task)
    words = ngettext("%(n)d is tried again.", "%(n)d are tried again.", len(tasks))
    messages.success(request, words % {"n": len(tasks)})
    return redirect("hq:aside")


def _class(field: str) -> str:
    what, _colon, number = field.partition(":")
    if what == "file":
        return _("file %(number)s") % {"number": number}
    if what == "case":
        return _("case %(code)s") % {"code": coded(int(number))} if number else str(CLASSES[what])
    return str(CLASSES.get(field, field))


def _screen(purpose: str) -> str:
    """`guide:today` is the first screen of the phone; what has no word keeps its name."""
    door, _colon, page = purpose.partition(":")
    where = SCREENS.get(purpose) or SCREENS.get(page)
    return f"{DOORS.get(door, door)} · {where}" if where else purpose


class ReadingFilter(forms.Form):
    staff = forms.ModelChoiceField(
        Staff.objects.order_by("name"), label=gettext_lazy("Member of staff"), required=False
    )
    family = forms.IntegerField(label=gettext_lazy("Family number"), required=False, min_value=1)


@require_safe
@hq_only
def readings(request: HQRequest) -> HttpResponse:
    """Who looked at whose data, when and what for; the last ninety days on the page."""
    form = ReadingFilter(request.GET)
    rows = Reading.objects.filter(at__gte=now() - timedelta(days=90)).order_by("-at", "-pk")
    if form.is_valid():
        if staff := form.cleaned_data["staff"]:
            rows = rows.filter(staff_id=staff.pk)
        if family := form.cleaned_data["family"]:
            rows = rows.filter(households__contains=[family])
    names = dict(Staff.objects.values_list("pk", "name"))
    columns = [
        Column(_("When"), lambda r: stamp(r.at, seconds=True)),
        Column(_("Who"), lambda r: names.get(r.staff_id, _("another system"))),
        Column(_("Role"), lambda r: Staff.Role(r.role).label if r.role else ""),
        Column(_("Screen"), lambda r: _screen(r.purpose)),
        Column(_("Families"), lambda r: len(r.households), is_number=True),
        Column(_("What"), lambda r: ", ".join(_class(f) for f in r.fields)),
        Column(_("From"), lambda r: r.ip or ""),
    ]
    return listing(
        request,
        "hq/list.html",
        rows,
        columns,
        name="readings",
        title=_("Who looked"),
        heading=_("Who looked at whose data?"),
        filters=form,
        icon="eye",
        why=_("Nobody has looked at a family's data yet."),
    )
