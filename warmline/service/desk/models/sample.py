"""A sample: a few of the cases of which nobody asks any more are looked at again, by somebody else."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from warmline.base.clock import now
from warmline.base.stateful import Stateful
from warmline.core.people.models import Staff
from warmline.service.desk.models.case import Case
from warmline.service.desk.models.case_event import CaseEvent


class Sample(Stateful):
    """One mark, or one settled case, that chance drew."""

    class Reason(models.TextChoices):
        NO_REPLY = "no_reply", pgettext_lazy("why a case was drawn", "Marked: no reply needed")
        THANKS = "thanks", pgettext_lazy("why a case was drawn", "Taken for mere thanks")
        SETTLED = "settled", pgettext_lazy("why a case was drawn", "Settled")

    class Status(models.TextChoices):
        DRAWN = "drawn", pgettext_lazy("state of a sample", "To be looked at")
        RIGHT = "right", pgettext_lazy("state of a sample", "It was right")
        WRONG = "wrong", pgettext_lazy("state of a sample", "It was not right")

    MOVES: ClassVar = {Status.DRAWN: {Status.RIGHT, Status.WRONG}}

    case = models.ForeignKey(Case, models.PROTECT, related_name="samples")
    event = models.OneToOneField(
        CaseEvent, models.PROTECT, related_name="+"
    )  # the mark, or the end
    reason = models.CharField(max_length=8, choices=Reason)
    drawn_on = models.DateField()  # the day of the mark
    drawn_at = models.DateTimeField(default=now)
    status = models.CharField(max_length=5, choices=Status, default=Status.DRAWN)
    seen_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    seen_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["drawn_on", "id"], name="desk_sample_waits", condition=Q(status="drawn")
            ),
            models.Index(fields=["drawn_on", "reason"], name="desk_sample_of_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="desk_sample_seen_by_somebody",
                condition=Q(status="drawn") | Q(seen_by__isnull=False, seen_at__isnull=False),
            ),
            models.CheckConstraint(
                name="desk_sample_wrong_says_why", condition=~Q(status="wrong") | ~Q(words="")
            ),
        ]
