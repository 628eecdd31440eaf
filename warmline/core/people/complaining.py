"""A family is not content: remembered, so that who calls next knows, and someone asks how it went."""

from warmline.base.clock import now
from warmline.core.people.models import Household


def complained(household: int) -> None:
    """It moves them up on every list for a month, and a playbook may promise a call-back."""
    Household.objects.filter(pk=household).update(complained_at=now())
