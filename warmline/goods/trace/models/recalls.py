"""Recalls: what is called back, who still has it, and the proof that each was told."""

from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from warmline.base.clock import now
from warmline.base.stateful import Stateful
from warmline.core.people.models import Household, Staff, Store
from warmline.core.promises.models import Promise
from warmline.goods.trace.models.codes import Lot
from warmline.goods.trace.models.places import Party, Place

# Food recall rules: begin within so many hours of knowing, finish within so many working days.
CLOCKS = {1: (24, 10), 2: (48, 20), 3: (72, 30)}


class Recall(Stateful):
    """A recall, or a drill of one: a drill freezes nothing and tells no family."""

    class Status(models.TextChoices):
        DECLARED = "declared", _("Running")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Level(models.IntegerChoices):
        FIRST = 1, _("Class 1: may do serious harm")
        SECOND = 2, _("Class 2: may do harm")
        THIRD = 3, _("Class 3: a wrong label or the like")

    MOVES = {Status.DECLARED: {Status.CLOSED, Status.WITHDRAWN}}

    title = models.CharField(max_length=120)
    reason = models.TextField()
    advice = models.TextField(blank=True)  # what a family is told to do with the tin
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.FIRST)
    is_drill = models.BooleanField(default=False)
    status = models.CharField(max_length=9, choices=Status, default=Status.DECLARED)
    known_at = models.DateTimeField(default=now)  # when we learned of it: the clock's beginning
    declared_at = models.DateTimeField(default=now)
    declared_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)
    units = models.PositiveIntegerField(default=0)  # that were made of it
    sold = models.PositiveIntegerField(default=0)
    strangers_back = models.PositiveIntegerField(default=0, db_default=0)  # of buyers nobody knows
    impact_ms = models.PositiveIntegerField(default=0)  # how long it took to know

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="trace_recall_closed_with_outcome",
                condition=~models.Q(status__in=["closed", "withdrawn"]) | ~models.Q(outcome=""),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def begin_by(self) -> datetime:
        return self.known_at + timedelta(hours=CLOCKS[self.level][0])

    @property
    def working_days(self) -> int:
        return CLOCKS[self.level][1]


class RecallScope(models.Model):
    """What is called back: a whole lot, or a run of codes (a pallet's contents are runs)."""

    recall = models.ForeignKey(Recall, models.CASCADE, related_name="scopes")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")
    first_unit = models.BigIntegerField(null=True)
    last_unit = models.BigIntegerField(null=True)
    said = models.CharField(max_length=200, blank=True)  # how it was named

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="trace_scope_is_lot_or_run",
                condition=models.Q(lot__isnull=False, first_unit__isnull=True)
                | models.Q(lot__isnull=True, first_unit__isnull=False, last_unit__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["first_unit", "last_unit"], name="trace_scope_run")]


class RecallHolding(models.Model):
    """A shop, dealer or warehouse that had some when it was declared, and what became of them."""

    recall = models.ForeignKey(Recall, models.CASCADE, related_name="holdings")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    store = models.ForeignKey(Store, models.PROTECT, null=True, related_name="+")
    stock = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    set_aside = models.PositiveIntegerField(default=0)
    destroyed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recall", "party", "place"],
                name="trace_holding_once",
                nulls_distinct=False,
            )
        ]


class RecallFamilyQuerySet(models.QuerySet["RecallFamily"]):
    def with_unit(self, unit_id: int) -> Self:
        """Whose list this unit is on. Said as a big number: Django would send the lower half of it."""
        unit = models.Value(unit_id, output_field=models.BigIntegerField())
        return self.filter(units__contains=[unit])


class RecallFamily(models.Model):
    """A family that bought some: how likely it is still open, and the proof that it was told."""

    recall = models.ForeignKey(Recall, models.CASCADE, related_name="families")
    household = models.ForeignKey(Household, models.PROTECT, related_name="recalls")
    store = models.ForeignKey(Store, models.PROTECT, null=True, related_name="+")
    units = ArrayField(models.BigIntegerField())
    last_sold_at = models.DateTimeField()
    chance_open = models.FloatField(default=0)
    promise = models.OneToOneField(Promise, models.PROTECT, null=True, related_name="+")
    messaged_at = models.DateTimeField(null=True)  # a text went out: not yet a proof
    told_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=12, blank=True)  # phone, sms (delivered), page …
    contact_id = models.BigIntegerField(null=True)
    message_id = models.BigIntegerField(null=True)
    returned = models.PositiveIntegerField(default=0)
    used_up = models.PositiveIntegerField(default=0)

    objects = RecallFamilyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "recall families"
        constraints = [
            models.UniqueConstraint(fields=["recall", "household"], name="trace_family_once")
        ]
        indexes = [models.Index(fields=["recall", "-chance_open"], name="trace_family_rank")]
