"""Handover: a guide leaves or changes store, and her families go to another who will know them."""

from django.db import models
from django.utils.translation import pgettext_lazy

from warmline.base.clock import now
from warmline.base.stateful import Stateful
from warmline.core.people.models.household import Household
from warmline.core.people.models.staff import Staff


class Handover(models.Model):
    """A batch of at most a hundred families that pass from one guide to another."""

    from_guide = models.ForeignKey(Staff, models.PROTECT, related_name="handovers_out")
    to_guide = models.ForeignKey(Staff, models.PROTECT, related_name="handovers_in")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    takes_effect_at = models.DateTimeField()  # until then a family may say no


class HandoverItem(Stateful):
    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("handover", "Waiting")
        DONE = "done", pgettext_lazy("handover", "Handed over")
        REFUSED = "refused", pgettext_lazy("handover", "Refused by the family")

    MOVES = {Status.WAITING: {Status.DONE, Status.REFUSED}}

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="items")
    household = models.ForeignKey(Household, models.PROTECT, related_name="handovers")
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    refused_for = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                name="people_handover_one_at_a_time",
                condition=models.Q(status="waiting"),
            )
        ]
