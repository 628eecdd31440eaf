"""What the channels themselves say came in: written by the channel, before anything else is done with
it. Every night it is laid beside the arrivals; what is here and not there was lost by us."""

from django.db import models

from warmline.core.people.models import Store
from warmline.service.desk.models.arrival import Channel


class ChannelLine(models.Model):
    """One thing that came in, by the channel's own name for it."""

    channel = models.CharField(max_length=8, choices=Channel)
    key = models.CharField(max_length=120)
    on = models.DateField()  # the day of the chain
    at = models.DateTimeField()
    store = models.ForeignKey(Store, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "key"], name="desk_line_once")]
        indexes = [models.Index(fields=["on", "channel"], name="desk_line_day")]


class Reckoning(models.Model):
    """One channel and store on one day: what came in, and what of it was missed somewhere (漏办)."""

    on = models.DateField()
    channel = models.CharField(max_length=8, choices=Channel)
    store = models.ForeignKey(Store, models.PROTECT, null=True, related_name="+")
    came = models.PositiveIntegerField()  # by the channel's own log, or by ours where it has none
    unrecorded = models.PositiveIntegerField()  # came in, and is no case
    unowned = models.PositiveIntegerField()  # a case with neither owner nor queue
    unanswered = models.PositiveIntegerField()  # its sundown passed without an answer
    unfed = models.PositiveIntegerField()  # finished and reviewed, and no department heard of it
    omitted = models.PositiveIntegerField(
        default=0
    )  # of all that came: missed in any of these ways
    gaps = models.PositiveIntegerField(default=0)  # numbers given out that no arrival has
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["on", "channel", "store"],
                name="desk_reckoning_once",
                nulls_distinct=False,
            )
        ]
