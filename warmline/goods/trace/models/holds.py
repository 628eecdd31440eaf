"""Holds: a lot that is not sold for now, because something about it is being checked. No family is told;
that is what a recall is for."""

from django.db import models
from django.db.models import Q

from warmline.base.clock import now
from warmline.core.people.models import Staff
from warmline.goods.trace.models.codes import Lot


class Hold(models.Model):
    """From when to when, who said so, and why; and what came of it."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="holds")
    why = models.CharField(max_length=500)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    since = models.DateTimeField(default=now)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lot"], name="trace_hold_once", condition=Q(released_at__isnull=True)
            ),
            models.CheckConstraint(
                name="trace_hold_released_with_outcome",
                condition=Q(released_at__isnull=True) | ~Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.lot)
