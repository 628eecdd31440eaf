"""A case's events: what happened to it, in order. Append-only; everything else follows from them."""

from typing import Any

from django.db import models

from warmline.base.crypto import EncryptedTextField
from warmline.core.people.models import Staff
from warmline.service.desk.folding import Fact
from warmline.service.desk.models.case import Case


class CaseEvent(models.Model):
    """One thing that happened to a case, with the clocks as they stood afterwards."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()  # 1, 2, 3 … within its case
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    words = EncryptedTextField()
    is_shown = models.BooleanField(default=False)  # also on the family's page
    body = models.JSONField(default=dict)  # ids, days and codes; nobody's name or words

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="desk_event_in_order")]
        indexes = [models.Index(fields=["kind", "at"], name="desk_event_of_kind")]

    def fact(self) -> Fact:
        body: dict[str, Any] = self.body
        return Fact(kind=self.kind, at=self.at, by=self.by_id, body=body)
