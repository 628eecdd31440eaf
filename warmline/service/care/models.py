"""Care: run-outs foreseen. One small row per family and consumable, updated in O(1) per purchase."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warmline.base.clock import now
from warmline.base.stateful import Stateful
from warmline.core.people.models import Household, Staff, Store
from warmline.goods.catalog.models import Category, Product


class RunOut(models.Model):
    """One consumable in one family: the habit that its purchases taught, and what follows from it.

    The first block is `habit.Habit`, field by field; the second is the forecast as it was last made.
    """

    # Families are found by `care_runout_once`; an index of categories would only cost every sale.
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="run_outs", db_index=False
    )
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="+")  # the last

    purchases = models.IntegerField(default=0)
    n = models.FloatField(default=0)
    s1 = models.FloatField(default=0)
    s2 = models.FloatField(default=0)
    e1 = models.FloatField(default=0)
    last_day = models.IntegerField(default=0)  # days since habit.EPOCH
    last_offset = models.FloatField(default=0)
    last_content = models.FloatField(default=0)
    last_packs = models.FloatField(default=0)
    last_trips = models.FloatField(null=True)
    last_discount = models.FloatField(null=True)
    pile = models.FloatField(default=0)
    bought = models.FloatField(default=0)

    last_on = models.DateField(null=True)
    p10_on = models.DateField(null=True)
    p50_on = models.DateField(null=True)
    p90_on = models.DateField(null=True)
    call_on = models.DateField(null=True)  # null: nobody is called (weaned, done with it)
    chance = models.FloatField(null=True)  # that they buy again at all within 60 days
    reasons = models.JSONField(default=dict)
    # p10, p50, p90 in days and the chance to return: what the night expects after the open purchase
    night = ArrayField(models.FloatField(), null=True)
    is_stale = models.BooleanField(default=False)  # bought since: the night has not looked yet
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["household", "category"], name="care_runout_once")
        ]
        indexes = [
            models.Index(
                fields=["call_on"], name="care_runout_call", condition=Q(call_on__isnull=False)
            ),
            models.Index(fields=["id"], name="care_runout_stale", condition=Q(is_stale=True)),
        ]

    @property
    def pack(self) -> float:
        """How much one pack held of what was bought last; 0 when nobody knows."""
        return self.last_content / max(self.last_packs, 1.0)


class Correction(models.Model):
    """What a guide heard that purchases cannot show. Append-only; the latest of each kind holds."""

    class Kind(models.TextChoices):
        SHARE = "share", _("Share of formula")  # value: 0…1
        STOCK = "stock", _("Stock at home")  # value: in the category's unit, counted that day
        ELSEWHERE = "elsewhere", _("Bought elsewhere")  # value: share bought elsewhere 0…1
        SWITCHED = "switched", _("Changed brand")
        WEANED = "weaned", _("Weaned")
        RESUMED = "resumed", _("Uses it again")

    household = models.ForeignKey(Household, models.PROTECT, related_name="corrections")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.FloatField(null=True)
    bought_then = models.FloatField(null=True)  # with STOCK: the habit's `bought` when it was asked
    on = models.DateField()
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(
                fields=["household", "category", "kind", "-id"], name="care_correction_latest"
            )
        ]

    @property
    def is_share(self) -> bool:
        return self.kind in {self.Kind.SHARE, self.Kind.ELSEWHERE}


class HomeTin(models.Model):
    """A tin that a family has, known by its own code: a purchase, unless a receipt tells of it."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="home_tins")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey(Store, models.PROTECT, related_name="+", db_index=False)
    unit_id = models.BigIntegerField(unique=True)
    came_on = models.DateField()
    content = models.FloatField()
    opened_on = models.DateField(null=True)  # the code under its lid was read that day
    line_id = models.BigIntegerField(null=True)  # the line of a receipt that tells of it

    class Meta:
        indexes = [
            models.Index(
                fields=["line_id"], name="care_hometin_line", condition=Q(line_id__isnull=False)
            ),
        ]


class ForecastRecord(models.Model):
    """A forecast and what came of it: the track record that stands beside the next one."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    made_on = models.DateField()  # the purchase after which it was made
    p10_on = models.DateField()
    p50_on = models.DateField()
    p90_on = models.DateField()
    plain_on = models.DateField(null=True)  # what the family's plain mean interval would have said
    actual_on = models.DateField(null=True)  # the next purchase; null while it is awaited

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "category", "made_on"], name="care_forecast_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["store", "actual_on"],
                name="care_forecast_closed",
                condition=Q(actual_on__isnull=False),
            )
        ]


class BuyingRule(models.Model):
    """From when on buying is odd enough that somebody looks at it: thresholds of head office."""

    class Kind(models.TextChoices):
        HOARD = "hoard", _("Far more of one product than the baby uses")
        CARD = "card", _("The same card many times on one day")
        STAFF = "staff", _("A colleague's own number buys much")
        RETURNS = "returns", _("Far more brought back than is usual")

    code = models.CharField(max_length=8, choices=Kind, unique=True)
    is_on = models.BooleanField(default=True)
    days = models.PositiveSmallIntegerField()  # looked at together
    count_max = models.PositiveSmallIntegerField()  # packs or receipts: more than that is odd
    percent_max = models.PositiveSmallIntegerField(default=0)  # of daily use, or of what was bought

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.get_code_display())


class OddBuying(Stateful):
    """Buying that a night found odd, with what was seen; and what came of it."""

    class Status(models.TextChoices):
        FOUND = "found", pgettext_lazy("state of odd buying", "To be looked into")
        EXPLAINED = "explained", pgettext_lazy("state of odd buying", "Explained")
        CONFIRMED = "confirmed", pgettext_lazy("state of odd buying", "Misused, and stopped")

    MOVES: ClassVar = {Status.FOUND: {Status.EXPLAINED, Status.CONFIRMED}}

    rule = models.ForeignKey(BuyingRule, models.PROTECT, related_name="found")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    card = models.CharField(max_length=40, blank=True)  # as the till wrote it: nobody knows whose
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, related_name="+", db_index=False
    )
    store = models.ForeignKey(Store, models.PROTECT, related_name="+", db_index=False)
    since = models.DateField()
    until = models.DateField()
    figures = models.JSONField(default=dict)  # numbers, and the receipts they are of
    found_at = models.DateTimeField(default=now)
    case_id = models.BigIntegerField(null=True, unique=True)  # in which the desk looks into it
    status = models.CharField(max_length=9, choices=Status, default=Status.FOUND)
    words = models.CharField(max_length=500, blank=True)
    resolved_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", db_index=False
    )
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "odd buyings"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "household", "card", "staff", "product", "until"],
                name="care_odd_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="care_odd_resolved_says_how",
                condition=Q(status="found") | (~Q(words="") & Q(resolved_by__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["rule", "until"], name="care_odd_of_rule")]
