"""A tally: how often somebody knocked lately."""

from django.db import models


class Tally(models.Model):
    key = models.CharField(max_length=60, unique=True)  # which limit, and a blind name
    since = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "tallies"
        indexes = [models.Index(fields=["since"], name="desk_tally_since")]
