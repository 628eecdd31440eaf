"""Merging: two records were one family. Every row keeps its place, and the merge can be undone."""

from django.db import models

from warmline.base.clock import now
from warmline.core.people.models.household import Household
from warmline.core.people.models.staff import Staff


class Merge(models.Model):
    """`moved` names every row that changed its household: `{"people_member": [ids], …}`; `was` is
    what the family that stays said of itself before."""

    kept = models.ForeignKey(Household, models.PROTECT, related_name="+")
    merged = models.ForeignKey(Household, models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    moved = models.JSONField(default=dict)
    was = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
