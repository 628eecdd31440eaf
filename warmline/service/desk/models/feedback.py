"""Feedback: a department hears what a case showed, and says what it changed, or why nothing."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from warmline.base.clock import now
from warmline.base.crypto import EncryptedTextField
from warmline.base.i18n import I18nTextField
from warmline.base.stateful import Stateful
from warmline.core.people.models import Staff
from warmline.service.desk.models.case import Case


class Department(models.Model):
    """Who learns from cases: design, production, purchasing, operations, training."""

    code = models.SlugField(max_length=20, unique=True)
    name = I18nTextField()
    keepers = models.ManyToManyField(Staff, related_name="departments", blank=True)
    is_on = models.BooleanField(default=True)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return str(self.name)


class Feedback(Stateful):
    """One finding for one department, with its own promise. Answered is a change, or a reason."""

    class Status(models.TextChoices):
        ASKED = "asked", _("Asked")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("No change, because")

    MOVES: ClassVar = {Status.ASKED: {Status.CHANGED, Status.UNCHANGED}}

    case = models.ForeignKey(Case, models.PROTECT, related_name="feedback")
    department = models.ForeignKey(Department, models.PROTECT, related_name="feedback")
    finding = EncryptedTextField()
    asked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField()
    status = models.CharField(max_length=9, choices=Status, default=Status.ASKED)
    answer = EncryptedTextField()
    answered_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["department", "due_at"],
                name="desk_feedback_owed",
                condition=Q(status="asked"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="desk_feedback_answered_is_dated",
                condition=Q(status="asked") | Q(answered_at__isnull=False),
            )
        ]
