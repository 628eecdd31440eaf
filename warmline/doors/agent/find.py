"""Find: a case or a family by number, phone, name or the first letters of its pinyin."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from warmline.core.people.reading import saw
from warmline.doors.agent.access import DeskRequest, audit, desk_only
from warmline.doors.agent.inbox import beside, rows_of
from warmline.service.desk.finding import find


@require_safe
@desk_only
def index(request: DeskRequest) -> HttpResponse:
    """A page; for the palette (`?list`) only its lines."""
    text = request.GET.get("q", "").strip()[:60]
    cases, members = find(request.user, text)
    audit(request, cases, "name", "case")
    saw(request, {member.household_id for member in members}, "name")
    if "list" in request.GET:
        return render(request, "agent/_found.html", {"cases": cases, "members": members})
    context = {
        "q": text,
        "rows": rows_of(cases, reader=request.user),
        "members": members,
        **beside(request),
    }
    return render(request, "agent/find.html", context)
