"""A family enters the code under the lid: the tin is theirs, and its baby's, once."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from warmline.base.crypto import blind
from warmline.base.sheets.cells import BadCell, parse_phone
from warmline.core.people.models import Child, Household, Member
from warmline.goods.trace import diverting, selling
from warmline.goods.trace.identity import inner
from warmline.goods.trace.models import Redemption, UnitOwner


class CannotRedeem(Exception):
    """Nothing was registered; the sentence tells no more than whoever asks may know."""

    sentence = _(
        "This code and this number do not go together. Look at both once more, or ask in the store."
    )


class Redeemed(CannotRedeem):
    sentence = _("This code was entered before.")


def redeem(code: str, *, member: str, unit_id: int | None = None) -> UnitOwner:
    """Bind the tin to the family with this member number or telephone number."""
    return _redeem(_opened(code, unit_id), _family(member))


def redeem_sold(code: str, *, unit_id: int) -> UnitOwner:
    """The till knows whose it is, and the code under the lid is right: nothing more is asked."""
    owner = owner_of(unit_id)
    return _redeem(_opened(code, unit_id), owner.household if owner else None)


def redeem_for(code: str, *, household: Household, unit_id: int) -> UnitOwner:
    """A phone that this family registered a tin with before: the code is all that is asked."""
    return _redeem(_opened(code, unit_id), household)


def claim(unit_id: int, *, household: Household) -> UnitOwner:
    """The till sold it to this family, whose own phone asks: one tap."""
    owner = owner_of(unit_id)
    if owner is None or owner.household_id != household.pk:
        raise CannotRedeem
    try:
        return selling.register(unit_id, household=household, child=_only_child(household))
    except selling.CannotSell:
        raise CannotRedeem from None


def owner_of(unit_id: int) -> UnitOwner | None:
    """Who has it now, as far as anybody told us."""
    rows = UnitOwner.objects.select_related("household")
    return rows.filter(unit_id=unit_id, returned_at__isnull=True).first()


def _opened(code: str, unit_id: int | None) -> int:
    opened = inner.read(code)
    if opened is None or unit_id not in (None, opened):
        raise CannotRedeem
    return opened


def _redeem(opened: int, household: Household | None) -> UnitOwner:
    if household is None:
        raise CannotRedeem
    try:
        with transaction.atomic():
            one = Redemption.objects.create(unit_id=opened, household=household)
            owner = selling.register(opened, household=household, child=_only_child(household))
            diverting.look_at_redemption(one)
            return owner
    except IntegrityError:
        raise Redeemed from None
    except selling.CannotSell:
        raise CannotRedeem from None


def _only_child(household: Household) -> Child | None:
    """Of one child we know whose it is; of twins nobody asks."""
    children = list(household.children.filter(frozen_at__isnull=True)[:2])
    return children[0] if len(children) == 1 else None


def _family(member: str) -> Household | None:
    """The one family behind a member number or a telephone number."""
    said = member.strip()[:40]
    found = (
        Member.objects.select_related("household").filter(member_no=said).first() if said else None
    )
    if found:
        return found.household
    try:
        phone = parse_phone(said)
    except BadCell:
        return None
    rows = Member.objects.filter(phone_bi=blind(phone)) if phone else Member.objects.none()
    families = {one.household_id: one.household for one in rows.select_related("household")}
    living = [h for h in families.values() if h.merged_into_id is None]
    return living[0] if len(living) == 1 else None
