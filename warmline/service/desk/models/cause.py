"""Causes: why it came to this, in two levels that head office edits; and what is done so that it does
not happen again."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warmline.base.clock import now, today
from warmline.base.i18n import I18nTextField
from warmline.base.stateful import Stateful
from warmline.core.people.models import Staff
from warmline.service.desk.models.case import Case


class Cause(models.Model):
    """A root cause, or the group that it belongs to."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.SlugField(max_length=30, unique=True)
    name = I18nTextField()
    is_on = models.BooleanField(default=True)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return str(self.name)


class Prevention(Stateful):
    """What somebody will change so that a cause goes away, until when; and whether it did."""

    class Status(models.TextChoices):
        PROMISED = "promised", pgettext_lazy("state of a prevention", "Promised")
        DONE = "done", pgettext_lazy("state of a prevention", "Done, effect to be checked")
        EFFECTIVE = "effective", _("It helped")
        WITHOUT_EFFECT = "no_effect", _("It did not help")

    MOVES: ClassVar = {
        Status.PROMISED: {Status.DONE},
        Status.DONE: {Status.EFFECTIVE, Status.WITHOUT_EFFECT},
    }

    cause = models.ForeignKey(Cause, models.PROTECT, related_name="preventions")
    case = models.ForeignKey(  # which showed that something has to change
        Case, models.PROTECT, null=True, related_name="preventions"
    )
    words = models.CharField(max_length=500)
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    due_on = models.DateField()
    check_on = models.DateField()  # when its effect is looked at
    status = models.CharField(max_length=9, choices=Status, default=Status.PROMISED)
    done_at = models.DateTimeField(null=True)
    done_words = models.CharField(max_length=500, blank=True, db_default="")
    reminded_on = models.DateField(null=True)
    checked_at = models.DateTimeField(null=True)
    before = models.PositiveIntegerField(null=True)  # cases of this cause, as long before
    after = models.PositiveIntegerField(null=True)  # and after

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="desk_prevention_done_is_dated",
                condition=Q(status="promised") | Q(done_at__isnull=False),
            ),
            models.CheckConstraint(
                name="desk_prevention_checked_after_done",
                condition=Q(check_on__gt=models.F("due_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def is_late(self) -> bool:
        return self.status == self.Status.PROMISED and self.due_on < today()
