"""The read audit (G19): who looked at whose personal data, when, from where and what for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Reading(models.Model):
    """One answer that carried personal data. Append-only; no audit row, no data."""

    at = models.DateTimeField()
    staff_id = models.BigIntegerField(null=True)
    token_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=10)
    store_id = models.BigIntegerField(null=True)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=36)
    purpose = models.CharField(max_length=60)  # the name of the screen or call
    households = ArrayField(models.BigIntegerField())
    fields = ArrayField(models.CharField(max_length=20))  # classes: name, phone, child, note …

    class Meta:
        indexes = [
            models.Index(fields=["-at"], name="people_reading_at"),
            models.Index(fields=["staff_id", "-at"], name="people_reading_staff"),
        ]
