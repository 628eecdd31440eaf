"""How a family registers a tin: one tap where we know enough, else the code under the lid."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from warmline.core.people.models import Household
from warmline.doors.parent.phones import family_of
from warmline.goods.trace import redeeming
from warmline.goods.trace.identity import inner
from warmline.goods.trace.models import UnitOwner

CODE_MAX = 64


@dataclass(frozen=True, slots=True)
class Offer:
    """What is asked: nothing (`tap`), the code alone, or code and number."""

    way: str  # "phone", "lid", "code", "both", "done" or "" (it is not offered)
    lid: str = ""
    registered_at: Any = None
    is_mine: bool = False

    @property
    def is_one_tap(self) -> bool:
        return self.way in ("phone", "lid")


def offer(
    request: HttpRequest, unit_id: int, owner: UnitOwner | None, *, may_register: bool
) -> Offer:
    """What this phone has to say so that the tin is its family's."""
    family, lid = family_of(request), request.GET.get("lid", "")[:CODE_MAX]
    is_mine = bool(family and owner and owner.household_id == family.pk)
    if owner and owner.registered_at:
        return Offer("done", registered_at=owner.registered_at, is_mine=is_mine)
    if not may_register:
        return Offer("")
    if is_mine:
        return Offer("phone")
    is_open = inner.read(lid) == unit_id
    if is_open and (family or (owner and owner.household_id)):
        return Offer("lid", lid)
    return Offer("code" if family else "both", lid if is_open else "")


def register(request: HttpRequest, unit_id: int) -> Household:
    """By whatever she brings; raises `CannotRedeem`."""
    family, said = family_of(request), request.POST
    code = str(said.get("inner", ""))[:CODE_MAX]
    member = str(said.get("member", "")).strip()
    if said.get("way") == "phone":
        if family is None:
            raise redeeming.CannotRedeem
        owner = redeeming.claim(unit_id, household=family)
    elif member:
        owner = redeeming.redeem(code, member=member, unit_id=unit_id)
    elif family:
        owner = redeeming.redeem_for(code, household=family, unit_id=unit_id)
    else:
        owner = redeeming.redeem_sold(code, unit_id=unit_id)
    assert owner.household is not None
    return owner.household
