"""The desk is for agents, managers and head office; guides have their own cases on the phone. What a
colleague may not see is not there (G13)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from warmline.core.people.models import Staff
from warmline.core.people.reading import saw_cases
from warmline.service.desk.models import Case
from warmline.service.desk.models.case import CaseQuerySet
from warmline.service.desk.owning import SUPERVISORS

AT_THE_DESK = (*SUPERVISORS, Staff.Role.AUDITOR)
WITH_A_CASE = ("kind", "store", "owner", "offered_to", "household", "member", "finished_by",
               "reviewed_by", "merged_into", "cause", "product", "fault_store")  # fmt: skip
View = Callable[..., HttpResponse]


class DeskRequest(HttpRequest):
    """A request of somebody who works at the desk."""

    user: Staff


def desk_only(view: View) -> View:
    """For everybody else these pages do not exist; an auditor looks and changes nothing."""

    @wraps(view)
    def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.role not in AT_THE_DESK:
            raise Http404
        return _shown(view, request, *args, **kwargs)

    return login_required(guarded)


def supervisors_only(view: View) -> View:
    """Managers, agents and head office deal with what is everybody's."""

    @wraps(view)
    def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.role not in SUPERVISORS:
            raise Http404
        return _shown(view, request, *args, **kwargs)

    return login_required(guarded)


def colleague(view: View) -> View:
    """Anybody who is signed in: departments have keepers of every role."""

    @wraps(view)
    def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _shown(view, request, *args, **kwargs)

    return login_required(guarded)


def _shown(view: View, request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    store = request.user.store
    if request.method == "POST" and request.user.role == Staff.Role.AUDITOR:
        raise PermissionDenied
    with timezone.override(store.zone if store else None):
        return view(request, *args, **kwargs)


def my_cases(request: DeskRequest) -> CaseQuerySet:
    return Case.objects.seen_by(request.user)


def my_case(request: DeskRequest, pk: int) -> Case:
    """A case that she may see, with everything a page says of it; the read is audited."""
    case: Case = get_object_or_404(my_cases(request).select_related(*WITH_A_CASE), pk=pk)
    saw_cases(request, [case], "name", "phone", "case")
    return case


audit = saw_cases


def colleagues(case: Case) -> Any:
    """Who could take it over: the people of its store, and the agents and managers of the chain."""
    at_work = Staff.objects.at_work().exclude(pk=case.owner_id)
    of_store = at_work.filter(store=case.store_id, role__in=[Staff.Role.GUIDE, Staff.Role.MANAGER])
    of_chain = at_work.filter(role__in=[Staff.Role.AGENT, Staff.Role.HQ])
    of_region = at_work.filter(
        role=Staff.Role.MANAGER, store__isnull=True, region=case.store.region_id
    )
    return (of_store | of_chain | of_region).order_by("role", "name")


def who_could_change_it(case: Case) -> Any:
    """Who could promise that it does not happen again: whoever manages the store or its region, who
    keeps a department's inbox, the agents and head office."""
    at_work = Staff.objects.at_work().exclude(role=Staff.Role.AUDITOR)
    of_store = at_work.filter(store=case.store_id, role=Staff.Role.MANAGER)
    of_region = at_work.filter(
        role=Staff.Role.MANAGER, store__isnull=True, region=case.store.region_id
    )
    of_chain = at_work.filter(role__in=[Staff.Role.AGENT, Staff.Role.HQ])
    keepers = at_work.filter(departments__is_on=True)
    every = of_store | of_region | of_chain | keepers
    return every.distinct().order_by("role", "name")
