"""What belongs to the console rather than to a case: the views somebody keeps, and who is where."""

from django.db import models

from warmline.base.clock import now
from warmline.core.people.models import Staff
from warmline.service.desk.models.case import Case


class SavedView(models.Model):
    """Filters of the inbox that somebody uses again, under her own name for them."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "name"], name="desk_view_named_once")
        ]


class Presence(models.Model):
    """Somebody has a case open. It says so for less than a minute unless she still has."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+", db_index=False)
    seen_at = models.DateTimeField(default=now)
    is_writing = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "staff"], name="desk_presence_once")]
        indexes = [models.Index(fields=["seen_at"], name="desk_presence_seen")]
