"""Authority: who may give how much away, and who is asked when it is more than that."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warmline.base.clock import now
from warmline.base.crypto import EncryptedTextField
from warmline.base.stateful import Stateful
from warmline.core.people.models import Staff
from warmline.service.desk.models.case import Case


class RemedyKind(models.TextChoices):
    """What is given away; the same words as the outcomes."""

    REPLACED = "replaced", _("Replacement")
    REFUNDED = "refunded", _("Refund")
    COMPENSATED = "compensated", _("Compensation")


class Authority(models.Model):
    """Up to how much somebody of this role decides alone. Empty: without a limit."""

    role = models.CharField(max_length=10, choices=Staff.Role)
    kind = models.CharField(max_length=12, choices=RemedyKind)
    amount_max = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "kind"], name="desk_authority_once")]


class Remedy(Stateful):
    """Something to be given to whoever asked, and who said yes to it."""

    class Status(models.TextChoices):
        ASKED = "asked", pgettext_lazy("state of a remedy", "To be approved")
        APPROVED = "approved", pgettext_lazy("state of a remedy", "Approved")
        REFUSED = "refused", pgettext_lazy("state of a remedy", "Refused")

    MOVES: ClassVar = {Status.ASKED: {Status.APPROVED, Status.REFUSED}}

    case = models.ForeignKey(Case, models.PROTECT, related_name="remedies")
    kind = models.CharField(max_length=12, choices=RemedyKind)
    amount = models.DecimalField(max_digits=9, decimal_places=2)
    why = EncryptedTextField()
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(default=now)
    status = models.CharField(max_length=8, choices=Status, default=Status.ASKED)
    decided_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], name="desk_remedy_asked", condition=Q(status="asked"))
        ]
        constraints = [
            models.CheckConstraint(name="desk_remedy_positive", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="desk_remedy_decided_by_somebody",
                condition=Q(status="asked") | Q(decided_by__isnull=False),
            ),
        ]
