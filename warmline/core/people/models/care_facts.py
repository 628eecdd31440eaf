"""What a good guide remembers: what to say, what not to say, and the days that matter."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from warmline.base.clock import now
from warmline.base.crypto import EncryptedTextField
from warmline.core.people.models.household import Child, Household, Member
from warmline.core.people.models.staff import Staff


class MemoryNote(models.Model):
    """One thing to remember in the next call. Taken back by `dropped_at`, never deleted."""

    class Kind(models.TextChoices):
        SAY = "say", _("Do say")
        AVOID = "avoid", _("Do not say")
        FACT = "fact", _("Good to know")

    household = models.ForeignKey(Household, models.PROTECT, related_name="memory_notes")
    kind = models.CharField(max_length=5, choices=Kind)
    text = EncryptedTextField()
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["household"], name="people_note_household")]


class ImportantDate(models.Model):
    """A birthday or another day that comes back every year, by the sun or by the moon."""

    class Calendar(models.TextChoices):
        SOLAR = "solar", _("Solar")
        LUNAR = "lunar", _("Lunar")

    household = models.ForeignKey(Household, models.PROTECT, related_name="important_dates")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    child = models.ForeignKey(Child, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=40)
    calendar = models.CharField(max_length=5, choices=Calendar, default=Calendar.SOLAR)
    month = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()
    is_leap_month = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["calendar", "month", "day"], name="people_date_of_year"),
            models.Index(fields=["household"], name="people_date_household"),
        ]
        constraints = [
            models.CheckConstraint(
                name="people_date_possible",
                condition=models.Q(month__gte=1, month__lte=12, day__gte=1, day__lte=31),
            )
        ]
