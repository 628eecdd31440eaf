"""Raising: what nobody asked of us and somebody has to look into all the same. It is no family's case:
its owner is the store's manager, else the region's, else the agents."""

from django.db import transaction

from warmline.core.people.models import Staff, Store
from warmline.service.desk import builtin
from warmline.service.desk.models import Case, CaseKind
from warmline.service.desk.opening import of_ours, write

ABNORMAL = "abnormal"  # abnormal buying


@transaction.atomic
def raise_matter(
    kind: str, *, store: Store, words: str, never: Staff | None = None, by: Staff | None = None
) -> Case:
    """A case of our own, with its clocks; never owned by whom it is about."""
    found = CaseKind.objects.filter(code=kind).first() or builtin.install_internal(CaseKind, kind)
    owner = _manager(store, never)
    return write(of_ours(kind=found, store=store, words=words, owner=owner, by=by))


def _manager(store: Store, never: Staff | None) -> Staff | None:
    managers = Staff.objects.at_work().filter(role=Staff.Role.MANAGER)
    managers = managers.exclude(pk=never.pk) if never else managers
    of_store = managers.filter(store=store).order_by("pk").first()
    if of_store or store.region_id is None:
        return of_store
    return managers.filter(store__isnull=True, region=store.region_id).order_by("pk").first()
