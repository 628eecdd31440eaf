"""Consent: what a family allowed, for whom and for what. Unknown means no."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from warmline.base.clock import now
from warmline.core.people.models.household import Child, Household, Member
from warmline.core.people.models.staff import Staff


class Consent(models.Model):
    """One decision of a guardian, append-only; the latest per subject and purpose holds.

    With a child it allows to keep and use the child's record; without, to be contacted.
    """

    class Purpose(models.TextChoices):
        RECORD = "record", _("Keep the baby's record")
        CARE = "care", _("Care calls")
        SERVICE = "service", _("Answers and deliveries")
        SALES = "sales", _("Offers")
        SURVEY = "survey", _("Surveys")

    household = models.ForeignKey(Household, models.PROTECT, related_name="consents")
    child = models.ForeignKey(Child, models.PROTECT, null=True, related_name="consents")
    purpose = models.CharField(max_length=8, choices=Purpose)
    granted = models.BooleanField()
    guardian = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    channel = models.CharField(max_length=20)  # store, phone, sms, import, api
    text_version = models.CharField(max_length=20)
    evidence = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["household", "purpose", "-id"], name="people_consent_latest"),
            models.Index(
                fields=["child", "purpose", "-id"],
                name="people_consent_child",
                condition=models.Q(child__isnull=False),
            ),
        ]
