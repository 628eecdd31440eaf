"""What every door needs to remember: answers already given to a keyed request (G5)."""

from django.db import models
from django.db.models.functions import Now


class Idempotent(models.Model):
    """A request with an `Idempotency-Key` and the answer it got; purged after 72 hours."""

    scope = models.CharField(max_length=120)  # credential and route
    key = models.CharField(max_length=80)
    fingerprint = models.BinaryField(max_length=32)  # SHA-256 of the body
    status = models.SmallIntegerField(null=True)  # null only inside the first one's transaction
    answer = models.BinaryField(default=b"")
    content_type = models.CharField(max_length=60, default="application/json")
    shown = models.JSONField(null=True)  # whose data it carries: who gets it again is noted again
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="base_idempotent_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="base_idempotent_age")]
