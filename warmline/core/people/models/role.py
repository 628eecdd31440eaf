"""What somebody is here, and as much of her as decides what she may see."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    GUIDE = "guide", _("Guide")
    MANAGER = "manager", _("Store manager")
    AGENT = "agent", _("Service agent")
    LOGISTICS = "logistics", _("Logistics specialist")
    DEALER = "dealer", _("Dealer's staff")
    HQ = "hq", _("Head office")
    AUDITOR = "auditor", _("Auditor")

    @classmethod
    def of_goods(cls) -> "tuple[Role, ...]":
        """Those who move goods and see no family (G13)."""
        return (cls.LOGISTICS, cls.DEALER)


EVERY_STORE = (Role.HQ, Role.AUDITOR, Role.AGENT)


class Reader(NamedTuple):
    """As much of a colleague as decides what she may see (`seen_by`)."""

    pk: int
    role: str
    is_active: bool
    store_id: int | None
    region_id: int | None

    @property
    def moves_goods(self) -> bool:
        return self.role in Role.of_goods()

    @property
    def sees_every_store(self) -> bool:
        return self.role in EVERY_STORE
