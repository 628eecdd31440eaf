"""Questions that partners keep with us, and the answers on their way to them."""

import uuid

from django.db import models

from warmline.base.clock import now
from warmline.base.crypto import EncryptedTextField


class NamedQuery(models.Model):
    """A question with a name, to be asked again."""

    name = models.CharField(max_length=100, unique=True)
    query = models.JSONField(default=dict)
    token_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name_plural = "named queries"


class Subscription(models.Model):
    """Whoever wants to be told: as events come (stream), or by a timetable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    query = models.ForeignKey(NamedQuery, models.CASCADE, related_name="subscriptions")
    dest = models.CharField(max_length=500)
    signature_token = EncryptedTextField()
    is_stream = models.BooleanField(default=True)
    schedule = models.JSONField(null=True)
    report_if_empty = models.BooleanField(default=False)
    min_record_time = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # of a timetable: the next time
    told_until = models.BigIntegerField(default=0)  # of a timetable: the last event told
    epc_format = models.CharField(max_length=30, blank=True)
    created_at = models.DateTimeField(default=now)
    failing_since = models.DateTimeField(null=True)


class Callback(models.Model):
    """One answer on its way: tried again with a growing wait, given up after ten tries."""

    class Status(models.TextChoices):
        READY = "ready"
        SENT = "sent"
        ASIDE = "aside"

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="callbacks")
    event_ids = models.JSONField(default=list)
    due_at = models.DateTimeField(default=now)
    tries = models.SmallIntegerField(default=0)
    status = models.CharField(max_length=5, choices=Status, default=Status.READY)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                name="trace_callback_ready",
                condition=models.Q(status="ready"),
            )
        ]
