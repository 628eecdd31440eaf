"""The family: who we serve together, the adults of it, and the children we count days for."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warmline.base.clock import now
from warmline.base.crypto import EncryptedTextField, blind
from warmline.core.people.models.role import Reader, Role
from warmline.core.people.models.staff import Staff
from warmline.core.people.models.store import Store


class HouseholdQuerySet(models.QuerySet["Household"]):
    def seen_by(self, staff: Staff | Reader) -> Self:
        """The families that this person may see (G13); everything else does not exist for her."""
        if not staff.is_active or staff.moves_goods:
            return self.none()  # who moves parcels sees the parcel's address, not the family
        living = self.filter(merged_into__isnull=True)
        if staff.sees_every_store:
            return living
        if staff.role == Role.MANAGER and staff.region_id and not staff.store_id:
            return living.filter(store__region_id=staff.region_id)
        return living.filter(store_id=staff.store_id)


class Household(models.Model):
    """A family. It owns what was bought, promised and said; the buyer is not the drinker."""

    class Tier(models.IntegerChoices):
        NEW = 0, pgettext_lazy("tier of a family", "New")
        REGULAR = 1, pgettext_lazy("tier of a family", "Regular")
        GOOD = 2, pgettext_lazy("tier of a family", "Good")
        KEY = 3, pgettext_lazy("tier of a family", "Key")

    class Status(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("state of a family", "Active")
        QUIET = "quiet", pgettext_lazy("state of a family", "Quiet")
        # The youngest child has outgrown us, or the family asked to leave.
        GONE = "gone", pgettext_lazy("state of a family", "Gone")

    store = models.ForeignKey(Store, models.PROTECT, related_name="households")
    home_guide = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="families"
    )
    tier = models.SmallIntegerField(choices=Tier, default=Tier.NEW)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    dialect = models.CharField(max_length=20, blank=True)
    joined_on = models.DateField()
    source = models.CharField(max_length=30, blank=True)
    last_contact_at = models.DateTimeField(null=True, blank=True)
    last_sale_on = models.DateField(null=True, blank=True)
    complained_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["home_guide", "-last_contact_at"], name="people_hh_guide"),
            models.Index(fields=["store", "-joined_on"], name="people_hh_store"),
        ]

    def __str__(self) -> str:
        first = next(iter(self.members.all()), None)
        return first.name if first else f"#{self.pk}"


class Member(models.Model):
    """An adult of a household: mother, father, grandparent. Her phone is encrypted (G21)."""

    class Relation(models.TextChoices):
        MOTHER = "mother", _("Mother")
        FATHER = "father", _("Father")
        GRANDMOTHER = "grandmother", _("Grandmother")
        GRANDFATHER = "grandfather", _("Grandfather")
        OTHER = "other", _("Other")

    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    name = models.CharField(pgettext_lazy("of a person", "Name"), max_length=60)
    relation = models.CharField(max_length=12, choices=Relation, default=Relation.MOTHER)
    member_no = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001
    phone = EncryptedTextField(blank=True)
    phone_bi = models.BinaryField(max_length=16, null=True, blank=True)
    phone_last4 = models.CharField(max_length=4, blank=True)
    email = EncryptedTextField(blank=True)
    wecom_id = models.CharField(max_length=64, blank=True)
    is_primary = models.BooleanField(default=True)
    name_sort = models.CharField(max_length=120, blank=True)
    search = SearchVectorField(null=True)
    search_store = models.BigIntegerField(null=True)  # the household's store, for the scoped search
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-is_primary", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member_no"], name="people_member_no", condition=Q(member_no__isnull=False)
            ),
            models.CheckConstraint(
                name="people_member_phone_whole",
                condition=Q(phone_bi__isnull=True, phone_last4="") | Q(phone_bi__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["phone_bi"], name="people_member_phone"),
            models.Index(
                fields=["wecom_id"], name="people_member_wecom", condition=~Q(wecom_id="")
            ),
            models.Index(fields=["phone_last4", "search_store"], name="people_member_last4"),
            GinIndex(fields=["search"], name="people_member_search", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.name

    def set_phone(self, e164: str) -> None:
        """Keep a number: cipher text, blind index and its last four digits (not saved yet)."""
        self.phone = e164
        self.phone_bi = blind(e164) if e164 else None
        self.phone_last4 = e164[-4:]


class Child(models.Model):
    """A baby: born or expected. Its name is encrypted; its age is what days are counted by.

    Without a guardian's consent the record is *frozen*: empty, so that nothing can be done with it.
    """

    class Sex(models.TextChoices):
        GIRL = "f", _("Girl")
        BOY = "m", _("Boy")
        UNKNOWN = "", _("Not known")

    class Feeding(models.TextChoices):
        BREAST = "breast", _("Breast-fed")
        MIXED = "mixed", _("Mixed")
        FORMULA = "formula", _("Formula-fed")
        UNKNOWN = "", _("Not known")

    household = models.ForeignKey(Household, models.PROTECT, related_name="children")
    name = EncryptedTextField(blank=True)
    sex = models.CharField(max_length=1, choices=Sex, blank=True, default=Sex.UNKNOWN)
    born_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    feeding = models.CharField(max_length=8, choices=Feeding, blank=True, default=Feeding.UNKNOWN)
    formula_share = models.FloatField(null=True, blank=True)  # of the milk; null: from `feeding`
    weight_kg = models.FloatField(null=True, blank=True)
    weighed_on = models.DateField(null=True, blank=True)
    weaned_on = models.DateField(null=True, blank=True)  # no more formula from this day
    allergies = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name_plural = "children"
        indexes = [
            models.Index(fields=["household"], name="people_child_household"),
            models.Index(fields=["born_on"], name="people_child_born"),
        ]
        constraints = [
            models.CheckConstraint(
                name="people_child_share",
                condition=Q(formula_share__isnull=True)
                | Q(formula_share__gte=0, formula_share__lte=1),
            ),
            models.CheckConstraint(
                name="people_child_frozen_is_empty",
                condition=Q(frozen_at__isnull=True)
                | Q(name="", born_on__isnull=True, due_on__isnull=True),
            ),
        ]

    def freeze(self) -> None:
        """The guardian does not, or no longer, agree: nothing of the baby is kept."""
        self.name, self.sex, self.feeding, self.allergies = "", "", "", []
        self.born_on = self.due_on = self.weaned_on = self.weighed_on = None
        self.formula_share = self.weight_kg = None
        self.frozen_at = now()
