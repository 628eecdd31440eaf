"""What a file calls a store or a guide, and whom we know by that name."""

from collections import defaultdict

from warmline.base.sheets.cells.tidy import half_width
from warmline.core.people.models import Staff, Store


class Stores:
    """By code - also where Excel ate its zeros - or by name."""

    def __init__(self) -> None:
        self._by: dict[str, Store] = {}
        loose: defaultdict[str, list[Store]] = defaultdict(list)
        for store in Store.objects.all():
            self._by[_said(store.code)] = store
            loose[_said(store.code).lstrip("0")].append(store)
            loose[_said(store.name)].append(store)
        self._loose = {said: found[0] for said, found in loose.items() if len(found) == 1}
        self._all = list(self._by.values())

    def find(self, said: str) -> Store | None:
        key = _said(said)
        return self._by.get(key) or self._loose.get(key) or self._loose.get(key.lstrip("0"))

    @property
    def only(self) -> Store | None:
        """Where there is one store, nobody writes its name into a file."""
        return self._all[0] if len(self._all) == 1 else None

    def by_id(self) -> dict[int, Store]:
        return {store.pk: store for store in self._all}


class Guides:
    """By code, user name, or by name where it says who is meant."""

    def __init__(self) -> None:
        self._sure: dict[str, Staff] = {}
        self._named: defaultdict[str, list[Staff]] = defaultdict(list)
        for staff in Staff.objects.filter(is_active=True):
            self._sure[_said(staff.username)] = staff
            if staff.code:
                self._sure[_said(staff.code)] = staff
            self._named[_said(staff.name)].append(staff)

    def find(self, said: str, *, store: int | None) -> Staff | None:
        key = _said(said)
        if not key:
            return None
        named = self._named.get(key, [])
        here = [staff for staff in named if staff.store_id == store]
        if len(here) == 1:
            return here[0]
        return self._sure.get(key) or (named[0] if len(named) == 1 else None)


def _said(text: str) -> str:
    return half_width(text).lower()
