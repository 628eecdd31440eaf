"""Several cases at once, for supervisors: chosen in the inbox, dealt with one by one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from warmline.base.forms import put_errors
from warmline.doors.agent.access import DeskRequest, my_cases, supervisors_only
from warmline.doors.agent.choosing import BulkForm
from warmline.doors.agent.filters import Filter
from warmline.doors.agent.inbox import shown
from warmline.service.desk import in_bulk


@require_POST
@supervisors_only
def act(request: DeskRequest) -> HttpResponse:
    form = BulkForm(request.POST, staff=request.user)
    if form.is_valid():
        said = form.cleaned_data
        cases = list(my_cases(request).filter(pk__in=form.chosen).select_related("store", "owner"))
        try:
            if said["act"] == "merge":
                done = in_bulk.merge(cases, by=request.user)
            elif said["to"] is None:
                raise ValidationError({"to": _("Say to whom.")})
            else:
                done = in_bulk.assign(cases, to=said["to"], by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            _tell(request, form, done)
            if not done.not_done:
                return redirect(f"{reverse('agent:inbox')}?{request.POST.get('back', '')[:300]}")
            return _again(request, form, chosen={case.pk for case, _why in done.not_done})
    return _again(request, form, chosen=set(form.chosen))


def _again(request: DeskRequest, form: BulkForm, *, chosen: set[int]) -> HttpResponse:
    """The same page with what could not be done still chosen, and what is wrong."""
    request.GET = QueryDict(request.POST.get("back", "")[:300], mutable=True)  # type: ignore[assignment]
    filters = Filter(request.GET, staff=request.user)
    cases = filters.narrow(my_cases(request))
    return shown(request, filters, cases, chosen=chosen, bulk=form, status=422)


def _tell(request: DeskRequest, form: BulkForm, done: in_bulk.Done) -> None:
    n = len(done.done)
    if n:
        words = ngettext("%(n)d case is done.", "%(n)d cases are done.", n) % {"n": n}
        messages.success(request, words)
    for case, why in done.not_done[:5]:
        form.add_error(None, f"{case.code}: {why}")
