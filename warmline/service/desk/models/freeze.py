"""A freeze: a case says that a lot may not be safe, and head office says whether it is sold on."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from warmline.base.clock import now
from warmline.base.stateful import Stateful
from warmline.core.people.models import Staff
from warmline.goods.catalog.models import Product
from warmline.goods.trace.models import Hold
from warmline.service.desk.models.case import Case


class Freeze(Stateful):
    """A proposal to stop the sale of one lot of one product."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("state of a freeze", "To be decided")
        ACCEPTED = "accepted", pgettext_lazy("state of a freeze", "Sale stopped")
        DECLINED = "declined", pgettext_lazy("state of a freeze", "Sold on")

    MOVES: ClassVar = {Status.PROPOSED: {Status.ACCEPTED, Status.DECLINED}}

    case = models.ForeignKey(Case, models.PROTECT, related_name="freezes")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=40)  # of the lot, as the case says it
    why = models.CharField(max_length=500, blank=True)
    proposed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", db_index=False
    )
    proposed_at = models.DateTimeField(default=now)
    status = models.CharField(max_length=8, choices=Status, default=Status.PROPOSED)
    decided_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    hold = models.ForeignKey(Hold, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "number"],
                name="desk_freeze_asked_once",
                condition=Q(status="proposed"),
            ),
            models.CheckConstraint(
                name="desk_freeze_decided_with_reason",
                condition=Q(status="proposed") | (Q(decided_by__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="desk_freeze_accepted_holds",
                condition=~Q(status="accepted") | Q(hold__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.number}"
