"""What a token may touch: what its role and store see. Everything else is not there (G13)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from warmline.core.contacts.models import Contact
from warmline.core.people.models import Child, Household, Member, Staff, Store, Token
from warmline.core.promises.models import Promise
from warmline.doors.api import tokens
from warmline.doors.api.problems import Problem
from warmline.doors.api.tokens import ApiRequest, visitor
from warmline.goods.sales.models import Sale
from warmline.service.care.models import RunOut

R = Staff.Role
FAMILIES = frozenset({R.GUIDE, R.MANAGER, R.AGENT, R.HQ})
SALES = frozenset({R.GUIDE, R.MANAGER, R.HQ})
CATALOGUE = frozenset({R.LOGISTICS, R.HQ})

View = Callable[..., Any]


def may(roles: frozenset[str]) -> Callable[[View], View]:
    """Only tokens of these roles change anything here."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: ApiRequest, *args: Any, **kwargs: Any) -> Any:
            check(request.token, roles)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def check(token: Token, roles: frozenset[str]) -> None:
    if token.role not in roles:
        raise Problem(403)


def families(request: ApiRequest) -> QuerySet[Household]:
    """A token of one store sees that store, whatever its role; one of none what its role sees."""
    seen: QuerySet[Household] = Household.objects.seen_by(visitor(request.token))
    return seen.filter(store_id=request.token.store_id) if request.token.store_id else seen


def family(request: ApiRequest, pk: int) -> Household:
    return get_object_or_404(families(request).select_related("store"), pk=pk)


def member(request: ApiRequest, pk: int) -> Member:
    return get_object_or_404(_theirs(request, Member).select_related("household__store"), pk=pk)


def child(request: ApiRequest, pk: int) -> Child:
    return get_object_or_404(_theirs(request, Child).select_related("household__store"), pk=pk)


def promises(request: ApiRequest) -> QuerySet[Promise]:
    seen: QuerySet[Promise] = Promise.objects.seen_by(visitor(request.token))
    if store := request.token.store_id:
        seen = seen.filter(store_id=store, household__store_id=store)
    return seen


def promise(request: ApiRequest, pk: int) -> Promise:
    return get_object_or_404(promises(request), pk=pk)


def contacts(request: ApiRequest) -> QuerySet[Contact]:
    return _theirs(request, Contact)


def sales(request: ApiRequest) -> QuerySet[Sale]:
    """Sales of a token's store, and nothing else of them than its families."""
    seen = Sale.objects.all()
    if tokens.sees_every_store(request.token):
        return seen
    store = request.token.store_id
    if request.token.role in R.of_goods() or not store:
        return seen.none()  # what a family buys is not on a parcel
    return seen.filter(store_id=store)


def run_outs(request: ApiRequest) -> QuerySet[RunOut]:
    return _theirs(request, RunOut)


def store(request: ApiRequest, code: str) -> Store:
    """The store of this code, if the token may act for it."""
    stores = Store.objects.filter(code=code)
    if request.token.store_id:
        stores = stores.filter(pk=request.token.store_id)
    elif not tokens.sees_every_store(request.token):
        raise Http404
    return get_object_or_404(stores)


def _theirs(request: ApiRequest, model: Any) -> Any:
    """Rows of this kind that belong to families the token may see."""
    if tokens.sees_every_store(request.token):
        return model.objects.all()
    return model.objects.filter(household__in=families(request))


def found(rows: QuerySet[Any], pk: int) -> Any:
    return get_object_or_404(rows, pk=pk)
