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

    sentence = _("This code and this number do not go together. Look at both once more.")


class Redeemed(CannotRedeem):
    sentence = _("This code was entered before.")


def redeem(code: str, *, member: str, unit_id: int | None = None) -> UnitOwner:
    """Bind the tin to the family with this member number or telephone number."""
    opened = inner.read(code)
    household = _family(member)
    if opened is None or household is None or unit_id not in (None, opened):
        raise CannotRedeem
    children = household.children.filter(frozen_at__isnull=True)
    child: Child | None = children.order_by("-born_on").first() if children.count() == 1 else None
    try:
        with transaction.atomic():
            one = Redemption.objects.create(unit_id=opened, household=household)
            owner = selling.register(opened, household=household, child=child)
            diverting.look_at_redemption(one)
            return owner
    except IntegrityError:
        raise Redeemed from None
    except selling.CannotSell:
        raise CannotRedeem from None


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
