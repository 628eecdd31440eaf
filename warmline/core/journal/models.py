"""The journal: a line per signal, append-only, and a to-do row per listener that has yet to react."""

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One thing that happened. Never changed, never removed: the journal is the history."""

    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    by_id = models.BigIntegerField(null=True)
    household_id = models.BigIntegerField(null=True)
    store_id = models.BigIntegerField(null=True)
    body = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["household_id", "-at"], name="journal_of_household"),
            models.Index(fields=["kind", "at"], name="journal_of_kind"),
        ]


class Task(models.Model):
    """A listener's reaction still owed. Done means gone: the row leaves with the work's commit."""

    class Status(models.TextChoices):
        READY = "ready"
        RUNNING = "running"
        ASIDE = "aside"  # eight tries failed: kept for a person to look at, delaying nobody

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_constraint=False)
    listener = models.CharField(max_length=120)
    is_alone = models.BooleanField(db_default=False)  # its listener takes one at a time
    status = models.CharField(max_length=8, choices=Status, db_default=Status.READY)
    tries = models.SmallIntegerField(db_default=0)
    run_at = models.DateTimeField(db_default=Now())
    owner_id = models.BigIntegerField(null=True)
    error = models.TextField(blank=True, db_default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["run_at", "id"],
                name="journal_task_ready",
                condition=models.Q(status="ready"),
            ),
            models.Index(
                fields=["run_at", "id"],
                name="journal_task_alone",
                condition=models.Q(status="ready", is_alone=True),
            ),
            models.Index(
                fields=["owner_id"],
                name="journal_task_running",
                condition=models.Q(status="running"),
            ),
        ]


class Worker(models.Model):
    """A loop at work somewhere. It is alive exactly while its session holds its advisory lock."""

    loop = models.CharField(max_length=20)
    host = models.CharField(max_length=200)
    started_at = models.DateTimeField(db_default=Now())
    beat_at = models.DateTimeField(db_default=Now())
