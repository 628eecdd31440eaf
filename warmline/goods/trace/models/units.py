"""Units: every tin, case and pallet; where it is, what is inside what, and who took it home."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warmline.base.clock import now
from warmline.base.stateful import Stateful
from warmline.core.people.models import Child, Household, Staff, Store
from warmline.goods.trace.models.codes import Lot


class Unit(models.Model):
    """The present state of one thing, from the first event that named it."""

    class State(models.IntegerChoices):
        SEEN = 0, _("Seen")
        ACTIVE = 1, _("Active")
        SOLD = 2, _("Sold")
        RETURNED = 3, _("Returned")
        DESTROYED = 4, _("Destroyed")
        CONSUMED = 5, _("Used up in making another")

    unit_id = models.BigIntegerField(primary_key=True)
    parent_id = models.BigIntegerField(null=True)
    last_event_id = models.BigIntegerField(null=True)
    state_time = models.DateTimeField()
    kind_id = models.IntegerField(null=True)
    lot_id = models.IntegerField(null=True)
    place_id = models.IntegerField(null=True)
    party_id = models.IntegerField(null=True)
    state = models.SmallIntegerField(choices=State, default=State.SEEN)
    disposition = models.SmallIntegerField(null=True)
    flags = models.SmallIntegerField(default=0)

    RECALLED = 1  # a flag: a persistent disposition said so

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="trace_unit_is_not_in_itself",
                condition=models.Q(parent_id__isnull=True)
                | ~models.Q(parent_id=models.F("unit_id")),
            )
        ]


class Edge(models.Model):
    """The child was inside the parent from then until then; open while it still is."""

    class Sort(models.IntegerChoices):
        PACKED = 1
        ATTACHED = 2  # an association: a sensor on a pallet

    pk = models.CompositePrimaryKey("child_id", "sort", "t_from")
    child_id = models.BigIntegerField()
    parent_id = models.BigIntegerField()
    t_from = models.DateTimeField()
    t_to = models.DateTimeField(null=True)
    add_event = models.BigIntegerField()
    del_event = models.BigIntegerField(null=True)
    sort = models.SmallIntegerField(choices=Sort)


class ForeignCode(models.Model):
    """A code that somebody else printed, and the number that we gave the thing."""

    hash = models.UUIDField(primary_key=True)
    uri = models.CharField(max_length=300)
    unit_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["unit_id"], name="trace_foreign_unit")]


class UnitOwner(models.Model):
    """Which family has a unit. Private: no partner is ever told, and no event holds it (G4)."""

    unit_id = models.BigIntegerField()
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="units")
    child = models.ForeignKey(Child, models.PROTECT, null=True, related_name="units")
    store = models.ForeignKey(Store, models.PROTECT, null=True, related_name="+")
    sale_id = models.BigIntegerField(null=True)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="owners")
    document_no = models.CharField(max_length=60, blank=True)
    sold_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)  # the family said itself that it has it
    returned_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit_id"],
                name="trace_sold_once",
                condition=models.Q(returned_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["household"],
                name="trace_of_household",
                condition=models.Q(household__isnull=False),
            ),
            models.Index(
                fields=["lot"],
                name="trace_sold_of_lot",
                condition=models.Q(returned_at__isnull=True),
            ),
        ]


class Redemption(models.Model):
    """The inner code under the lid was entered: once in the life of a unit."""

    unit_id = models.BigIntegerField(unique=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)


class Scan(models.Model):
    """One reading of a code by anybody; kept as long as it may be, and then dropped by the month."""

    class Actor(models.IntegerChoices):
        PUBLIC = 0, _("Somebody")
        FAMILY = 1, _("A family")
        GUIDE = 2, _("A guide")
        WAREHOUSE = 3, _("A warehouse")
        DEALER = 4, _("A dealer")
        INSPECTOR = 5, _("An inspector")

    pk = models.CompositePrimaryKey("unit_id", "id")
    id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    at = models.DateTimeField()
    staff_id = models.BigIntegerField(null=True)
    place_id = models.IntegerField(null=True)
    actor = models.SmallIntegerField(choices=Actor)
    verdict = models.SmallIntegerField(default=0)
    device = models.BinaryField(max_length=8, null=True)
    city = models.CharField(max_length=40, blank=True)


class ScanCount(models.Model):
    """How often families looked a unit up, and when they first did: never who."""

    unit_id = models.BigIntegerField(primary_key=True)
    looks = models.IntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    first_city = models.CharField(max_length=40, blank=True)
    devices = models.SmallIntegerField(default=1)
    last_device = models.BinaryField(max_length=8, null=True)


class Oddity(Stateful):
    """Something does not fit: told to a person with its evidence, and never mended silently."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("an oddity", "Open")
        TAKEN = "taken", _("Taken up")
        SETTLED = "settled", _("Settled")

    MOVES = {Status.OPEN: {Status.TAKEN, Status.SETTLED}, Status.TAKEN: {Status.SETTLED}}

    rule = models.CharField(max_length=20)
    unit_id = models.BigIntegerField(null=True)
    event_id = models.BigIntegerField(null=True)
    party = models.ForeignKey("trace.Party", models.PROTECT, null=True, related_name="oddities")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="oddities")
    evidence = models.JSONField(default=dict)
    weight = models.FloatField(default=1)
    area = models.CharField(max_length=6, blank=True)  # where it was seen, if anybody knows
    at = models.DateTimeField(default=now)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    taken_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=400, blank=True)
    settled_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "oddities"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "unit_id", "event_id"],
                name="trace_oddity_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="trace_oddity_settled_with_outcome",
                condition=~models.Q(status="settled") | ~models.Q(outcome=""),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-at"], name="trace_oddity_open"),
            models.Index(fields=["unit_id"], name="trace_oddity_unit"),
        ]
